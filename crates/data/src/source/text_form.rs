//! How the text of a file is written: its encoding, its line ends, and the lines before the header.

use std::io;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use accolade_parser::syntax::file::FormatOptions;
use encoding_rs::Encoding;
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::encoding::encoding_of;
use super::stream;
use super::stream::Bytes;

/// How a text file is written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TextForm {
    /// Its encoding, if it is not UTF-8.
    encoding: Option<&'static Encoding>,
    /// Whether a carriage return alone ends its lines.
    returns: bool,
    /// The bytes before the header.
    pub(super) preamble: u64,
    /// The lines before the header.
    pub(super) lines: u64,
    /// The delimiter that its first line names, as in `sep=;`.
    pub(super) delimiter: Option<u8>,
    /// The lines below the header that are left out.
    gap: Option<Gap>,
}

/// Lines that are left out. Offsets are counted from the header.
#[derive(Clone, Copy, Debug)]
struct Gap {
    start: u64,
    end: u64,
    /// The lines of the header.
    above: u64,
    /// The lines that are left out.
    lines: u64,
}

/// The bytes that are read to recognise the form of a file.
const SAMPLE: u64 = 1 << 16;

impl TextForm {
    /// The form of a file.
    ///
    /// # Errors
    /// Fails when the file cannot be read.
    pub(super) fn of(path: &Path, format: &FormatOptions) -> io::Result<TextForm> {
        let mut start = Vec::new();
        stream::open(path)?.take(4).read_to_end(&mut start)?;
        let declared = format.encoding.as_ref().and_then(|encoding| encoding_of(encoding.value));
        let marked = Encoding::for_bom(&start).map(|(encoding, _)| encoding);
        let encoding = marked.or(declared).filter(|encoding| *encoding != encoding_rs::UTF_8);
        let mut form = TextForm { encoding, ..TextForm::default() };
        let mut sample = Vec::new();
        form.open(path)?.take(SAMPLE).read_to_end(&mut sample)?;
        form.returns = sample.contains(&b'\r') && !sample.contains(&b'\n');
        form.find_header(path, format.header_row.as_ref().map_or(1, |row| row.value))?;
        Ok(form)
    }

    /// Finds the header at line `header_row`. A first line such as `sep=;` stands before it and names the delimiter.
    fn find_header(&mut self, path: &Path, header_row: u64) -> io::Result<()> {
        let mut reader = BufReader::new(self.open(path)?);
        let mut first = Vec::new();
        let mut length = reader.by_ref().take(SAMPLE).read_until(b'\n', &mut first)?;
        if length as u64 == SAMPLE && !first.ends_with(b"\n") {
            length += reader.skip_until(b'\n')?;
        }
        let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first);
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] = text {
            self.delimiter = Some(*delimiter);
        } else if header_row == 1 {
            return Ok(());
        }
        (self.preamble, self.lines) = (length as u64, 1);
        while self.lines + 1 < header_row {
            match reader.skip_until(b'\n')? {
                0 => break,
                length => self.preamble += length as u64,
            }
            self.lines += 1;
        }
        Ok(())
    }

    /// Whether the file holds the bytes that are read, so that any part of it can be read alone.
    pub(super) fn is_plain(&self) -> bool {
        self.encoding.is_none() && !self.returns && self.preamble < SAMPLE
    }

    /// The name of its encoding, if it is not UTF-8.
    pub(super) fn encoding_name(&self) -> Option<&'static str> {
        self.encoding.map(Encoding::name)
    }

    /// The offset of the first row in a file that is plain; of the header if no lines are left out below it.
    pub(super) fn first_row(&self) -> u64 {
        self.preamble + self.gap.map_or(0, |gap| gap.end)
    }

    /// Whether lines of the file are left out, above the header or below it.
    pub(super) fn leaves_lines_out(&self) -> bool {
        self.lines > 0 || self.gap.is_some()
    }

    /// The line of the file that is this line of the opened text, both counted from 1.
    pub(super) fn line(&self, line: u64) -> u64 {
        self.lines + line + self.gap.filter(|gap| line > gap.above).map_or(0, |gap| gap.lines)
    }

    /// Leaves out lines below the header, which ends at the offset `end` or with the line break after it.
    ///
    /// # Errors
    /// Fails when the file cannot be read.
    pub(super) fn leave_out(&mut self, path: &Path, end: u64, lines: u64) -> io::Result<()> {
        let mut reader = BufReader::new(self.open(path)?);
        let mut header = Vec::new();
        reader.by_ref().take(end).read_to_end(&mut header)?;
        if !header.ends_with(b"\n") {
            reader.read_until(b'\n', &mut header)?;
        }
        let above = memchr::memchr_iter(b'\n', &header).count() as u64;
        let mut gap = Gap { start: header.len() as u64, end: header.len() as u64, above, lines: 0 };
        while gap.lines < lines {
            match reader.skip_until(b'\n')? {
                0 => break,
                length => gap.end += length as u64,
            }
            gap.lines += 1;
        }
        self.gap = Some(gap).filter(|gap| gap.lines > 0);
        Ok(())
    }

    /// Opens the text of a file from its header on, in UTF-8 with line feeds.
    ///
    /// # Errors
    /// Fails when the file cannot be read.
    pub(super) fn open(&self, path: &Path) -> io::Result<Bytes> {
        let mut text = stream::open(path)?;
        if let Some(encoding) = self.encoding {
            let mut builder = DecodeReaderBytesBuilder::new();
            text = Box::new(builder.encoding(Some(encoding)).bom_override(true).strip_bom(true).build(text));
        }
        if self.returns {
            text = Box::new(LineFeeds(text));
        }
        if self.preamble > 0 {
            io::copy(&mut text.by_ref().take(self.preamble), &mut io::sink())?;
        }
        if let Some(gap) = self.gap {
            let mut header = Vec::new();
            text.by_ref().take(gap.start).read_to_end(&mut header)?;
            io::copy(&mut text.by_ref().take(gap.end - gap.start), &mut io::sink())?;
            text = Box::new(io::Cursor::new(header).chain(text));
        }
        Ok(text)
    }
}

/// A text whose lines end in carriage returns, with line feeds instead.
struct LineFeeds(Bytes);

impl Read for LineFeeds {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.read(buffer)?;
        buffer[..length].iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
        Ok(length)
    }
}
