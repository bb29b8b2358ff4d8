mod errors;
mod example;

use super::file::RuleFile;
use super::parse_rule_file;
use crate::span::SourceId;
use crate::testing::lines;

/// The file of `text`, which must be valid.
fn file(text: &str) -> RuleFile {
    let (file, out) = parse_rule_file(SourceId(0), text);
    assert_eq!(lines(&out), [""; 0], "{text}");
    file
}
