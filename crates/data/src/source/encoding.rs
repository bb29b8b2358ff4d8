//! The encodings of texts, and guesses of them.

use std::io;
use std::io::Read;
use std::path::Path;

use accolade_parser::syntax::file::TextEncoding;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::Encoding;

use super::stream;

/// The bytes with other characters than ASCII that a guess looks at.
const LOOKED_AT: usize = 8 << 20;

/// The decoder of an encoding. UTF-16 without a mark has its bytes in the order of Windows.
pub(super) fn encoding_of(encoding: TextEncoding) -> Option<&'static Encoding> {
    Encoding::for_label(encoding.name().as_bytes())
}

/// The most likely encoding of a file that is not UTF-8 and has no mark, by the frequency of letters and their
/// neighbours in the languages that use it.
///
/// # Errors
/// Fails when the file cannot be read.
pub(super) fn guess(path: &Path) -> io::Result<TextEncoding> {
    let mut bytes = stream::open(path)?;
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let (mut buffer, mut looked_at) = (vec![0; 1 << 16], 0);
    while looked_at < LOOKED_AT {
        let length = match bytes.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        // Text of ASCII letters only says nothing.
        if !buffer[..length].is_ascii() {
            detector.feed(&buffer[..length], false);
            looked_at += length;
        }
    }
    detector.feed(&[], true);
    let guessed = detector.guess(None, Utf8Detection::Deny).name().to_ascii_lowercase();
    Ok(TextEncoding::from_name(&guessed).unwrap_or(TextEncoding::Windows1252))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_has_a_decoder() {
        for name in TextEncoding::NAMES {
            let encoding = TextEncoding::from_name(name).unwrap();
            assert_eq!(encoding.name(), name);
            // A label of the standard, which a guess gives too.
            let decoder = encoding_of(encoding).unwrap_or_else(|| panic!("{name}"));
            assert!(name == "utf-16" || decoder.name().eq_ignore_ascii_case(name), "{name} {}", decoder.name());
        }
    }

    #[test]
    fn texts_of_several_languages_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("names.csv");
        for (name, text) in [
            ("windows-1252", "naam;plaats\nAndré Müller;Zürich\nFrançois Lefèvre;Orléans\n"),
            ("windows-1250", "jméno;město\nJiří Dvořák;Plzeň\nŽaneta Šťastná;Třebíč\nŁukasz Żółć;Łódź\n"),
            ("windows-1251", "имя;город\nИван Петров;Москва\nМария Сидорова;Екатеринбург\n"),
            ("windows-1253", "όνομα;πόλη\nΓιώργος Παπαδόπουλος;Αθήνα\nΕλένη;Θεσσαλονίκη\n"),
            ("shift_jis", "氏名,住所\n山田太郎,東京都\nスズキ,おおさか\n"),
            ("gbk", "姓名,城市\n王小明,北京市\n李华,上海的公司\n"),
        ] {
            let encoding = TextEncoding::from_name(name).and_then(encoding_of).unwrap();
            std::fs::write(&path, encoding.encode(text).0).unwrap();
            assert_eq!(guess(&path).unwrap().name(), name);
        }
    }
}
