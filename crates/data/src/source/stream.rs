//! The bytes of a file; a compressed one is unpacked while it is read.

use std::fs::File;
use std::io;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use accolade_core::location::format::Compression;
use flate2::read::MultiGzDecoder;

/// Unpacked bytes.
pub(super) type Bytes = Box<dyn Read + Send>;

/// Opens a file to be read from its beginning.
///
/// # Errors
/// Fails when the file cannot be opened.
pub(super) fn open(path: &Path) -> io::Result<Bytes> {
    let file = File::open(path)?;
    let unpacked: Bytes = match Compression::of(path) {
        None => return Ok(Box::new(file)),
        // Both decoders read concatenated archives.
        Some(Compression::Gzip) => Box::new(MultiGzDecoder::new(io::BufReader::new(file))),
        Some(Compression::Zstandard) => Box::new(zstd::stream::read::Decoder::new(file)?),
    };
    Ok(Box::new(Archive(unpacked)))
}

/// A file of fewer bytes is read in one part.
const LARGE: u64 = 10 << 20;

/// Divides a file into ranges of bytes, one for each thread.
///
/// # Errors
/// Fails when the size of the file cannot be read.
pub(super) fn ranges(path: &Path, threads: usize) -> io::Result<Vec<Range<u64>>> {
    let size = std::fs::metadata(path)?.len();
    let count = if size < LARGE { 1 } else { threads.max(1) as u64 };
    let part = size.div_ceil(count).max(1);
    Ok((0..count).map(|i| (i * part).min(size)..((i + 1) * part).min(size)).collect())
}

/// The number of bytes from which the length of a line is estimated.
const SAMPLE: u64 = 65_536;

/// An estimate of the number of lines of a file; `None` for an archive.
///
/// # Errors
/// Fails when the file cannot be read.
pub(super) fn estimated_lines(path: &Path) -> io::Result<Option<u64>> {
    if Compression::of(path).is_some() {
        return Ok(None);
    }
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut sample = Vec::new();
    file.take(SAMPLE).read_to_end(&mut sample)?;
    let lines = memchr::memchr_iter(b'\n', &sample).count() as u64;
    Ok(Some(lines * size / (sample.len() as u64).max(1)))
}

/// An archive whose errors name it as damaged or incomplete.
struct Archive(Bytes);

impl Read for Archive {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::Interrupted => error,
            io::ErrorKind::UnexpectedEof => io::Error::new(error.kind(), "the archive ends in the middle"),
            kind => io::Error::new(kind, format!("the archive is damaged ({error})")),
        })
    }
}
