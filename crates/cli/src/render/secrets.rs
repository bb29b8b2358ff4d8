//! Masks the passwords of URLs in snippets of rule files.

use std::ops::Range;

/// The text with a star for each byte of a password, so that all offsets stay valid.
pub(super) fn masked(text: &str) -> String {
    let mut shown = text.to_owned();
    for (at, _) in text.match_indices("://") {
        let start = at + "://".len();
        let url = &text[start..];
        let url = &url[..url.find(char::is_whitespace).unwrap_or(url.len())];
        for password in [userinfo_password(url), option(url)].into_iter().flatten() {
            let range = start + password.start..start + password.end;
            shown.replace_range(range.clone(), &"*".repeat(range.len()));
        }
    }
    shown
}

/// The range of a password between the user and the host.
fn userinfo_password(url: &str) -> Option<Range<usize>> {
    let end = url.find('@')?;
    let start = url[..end].find(':')? + 1;
    Some(start..end)
}

/// The range of the value of the option `password`.
fn option(url: &str) -> Option<Range<usize>> {
    let start = ["?password=", "&password="].iter().find_map(|name| Some(url.find(name)? + name.len()))?;
    let end = url[start..].find(['&', '#', '"', '\'', ',', '}']).map_or(url.len(), |length| start + length);
    Some(start..end)
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn passwords_are_stars() {
        for (text, expected) in [
            ("url: postgres://u:hunter2@h/d", "url: postgres://u:*******@h/d"),
            ("a: {url: \"postgres://u:p,/@h/d\", key: id}", "a: {url: \"postgres://u:***@h/d\", key: id}"),
            ("url: postgres://u@h/d?x=1&password=pw, b", "url: postgres://u@h/d?x=1&password=**, b"),
            ("url: postgres://u:é@h:1/d", "url: postgres://u:**@h:1/d"),
            ("url: postgres://u@h:5432/d  # to: me@h", "url: postgres://u@h:5432/d  # to: me@h"),
            ("no url: here@home", "no url: here@home"),
        ] {
            assert_eq!(masked(text), expected);
            assert_eq!(masked(text).len(), text.len());
        }
    }
}
