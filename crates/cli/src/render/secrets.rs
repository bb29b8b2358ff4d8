//! Passwords in URLs, which no snippet of a rule file shows, whatever it is shown for.

use std::ops::Range;

/// The text with stars for the bytes of passwords; every place in it stays where it is.
pub(super) fn masked(text: &str) -> String {
    let mut shown = text.to_owned();
    for (at, _) in text.match_indices("://") {
        let start = at + "://".len();
        let url = &text[start..];
        let url = &url[..url.find(char::is_whitespace).unwrap_or(url.len())];
        for password in [before_host(url), option(url)].into_iter().flatten() {
            let range = start + password.start..start + password.end;
            shown.replace_range(range.clone(), &"*".repeat(range.len()));
        }
    }
    shown
}

/// What is between the user and the host.
fn before_host(url: &str) -> Option<Range<usize>> {
    let end = url.find('@')?;
    let start = url[..end].find(':')? + 1;
    Some(start..end)
}

/// The value of the option `password`.
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
