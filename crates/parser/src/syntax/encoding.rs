//! The encodings that `encoding:` names.

/// How the characters of a text file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextEncoding {
    /// UTF-8
    Utf8,
    /// UTF-16, in the order of bytes that its mark says
    Utf16,
    /// Western Europe, of which Latin-1 is a part
    Windows1252,
    /// Central Europe
    Windows1250,
    /// Central Europe, Latin-2
    Iso8859_2,
    /// Cyrillic
    Windows1251,
    /// Cyrillic, Ukrainian and Russian
    Koi8U,
    /// Cyrillic, ISO
    Iso8859_5,
    /// Cyrillic, DOS
    Ibm866,
    /// Greek
    Windows1253,
    /// Greek, ISO
    Iso8859_7,
    /// Turkish
    Windows1254,
    /// Hebrew
    Windows1255,
    /// Arabic
    Windows1256,
    /// Arabic, ISO
    Iso8859_6,
    /// Baltic
    Windows1257,
    /// Baltic, Latin-4
    Iso8859_4,
    /// Vietnamese
    Windows1258,
    /// Thai
    Windows874,
    /// Japanese
    ShiftJis,
    /// Japanese, Unix
    EucJp,
    /// Chinese, simplified
    Gbk,
    /// Chinese, traditional
    Big5,
    /// Korean
    EucKr,
    /// Mac OS Roman
    Macintosh,
}

/// Every encoding with its word in `encoding:`, which is its label in the Encoding Standard.
const ALL: &[(TextEncoding, &str)] = &[
    (TextEncoding::Utf8, "utf-8"),
    (TextEncoding::Utf16, "utf-16"),
    (TextEncoding::Windows1252, "windows-1252"),
    (TextEncoding::Windows1250, "windows-1250"),
    (TextEncoding::Iso8859_2, "iso-8859-2"),
    (TextEncoding::Windows1251, "windows-1251"),
    (TextEncoding::Koi8U, "koi8-u"),
    (TextEncoding::Iso8859_5, "iso-8859-5"),
    (TextEncoding::Ibm866, "ibm866"),
    (TextEncoding::Windows1253, "windows-1253"),
    (TextEncoding::Iso8859_7, "iso-8859-7"),
    (TextEncoding::Windows1254, "windows-1254"),
    (TextEncoding::Windows1255, "windows-1255"),
    (TextEncoding::Windows1256, "windows-1256"),
    (TextEncoding::Iso8859_6, "iso-8859-6"),
    (TextEncoding::Windows1257, "windows-1257"),
    (TextEncoding::Iso8859_4, "iso-8859-4"),
    (TextEncoding::Windows1258, "windows-1258"),
    (TextEncoding::Windows874, "windows-874"),
    (TextEncoding::ShiftJis, "shift_jis"),
    (TextEncoding::EucJp, "euc-jp"),
    (TextEncoding::Gbk, "gbk"),
    (TextEncoding::Big5, "big5"),
    (TextEncoding::EucKr, "euc-kr"),
    (TextEncoding::Macintosh, "macintosh"),
];

impl TextEncoding {
    /// The words for all encodings.
    pub const NAMES: [&str; ALL.len()] = {
        let mut names = [""; ALL.len()];
        let mut i = 0;
        while i < ALL.len() {
            names[i] = ALL[i].1;
            i += 1;
        }
        names
    };

    /// The encoding of a word.
    pub fn from_name(name: &str) -> Option<TextEncoding> {
        ALL.iter().find(|(_, known)| *known == name).map(|(encoding, _)| *encoding)
    }

    /// The word for it in `encoding:`.
    pub fn name(self) -> &'static str {
        ALL.iter().find(|(encoding, _)| *encoding == self).map_or("", |(_, name)| name)
    }
}
