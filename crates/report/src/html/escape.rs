//! Text inside markup.

/// Text that HTML must not read as markup.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// JSON inside a script element, which ends at the first `</script` and is a comment from `<!--` on.
pub(super) fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        let check = |text: &str, expected: &str| assert_eq!(escaped(text), expected);
        check("a & b", "a &amp; b");
        check("<script>", "&lt;script&gt;");
        check("\"it's\"", "&quot;it&#39;s&quot;");
        check("é €", "é €");
    }

    #[test]
    fn json_cannot_end_its_script() {
        let json = serde_json::json!("</script><!--").to_string();
        assert_eq!(in_script(&json), "\"\\u003c/script>\\u003c!--\"");
        assert_eq!(serde_json::from_str::<String>(&in_script(&json)).unwrap(), "</script><!--");
    }
}
