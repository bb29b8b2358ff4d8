//! What tests share.

/// The text without its mark `¦`, and where that was.
pub(super) fn marked(text: &str) -> (String, usize) {
    let offset = text.find('¦').expect("a mark");
    (text.replacen('¦', "", 1), offset)
}
