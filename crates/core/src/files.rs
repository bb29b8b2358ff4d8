//! The texts a rule set is made of, numbered so that a span can name its file.

use std::io;
use std::path::{Path, PathBuf};

use accolade_parser::{SourceId, Span};

/// A file of a rule set and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as the user gave it, or joined to the folder of the including file.
    pub path: PathBuf,
    /// Its bytes as text; a file that is not UTF-8 is held with replacement characters, for display.
    pub text: String,
}

/// Loads files, from the file system or, in tests, from a map.
pub trait Loader {
    /// The bytes of the file at `path`.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    fn load(&self, path: &Path) -> io::Result<Vec<u8>>;
}

/// Reads from the file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileSystem;

impl Loader for FileSystem {
    fn load(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }
}

/// The texts of one rule set, in the order they were read.
#[derive(Clone, Debug, Default)]
pub struct SourceFiles {
    files: Vec<SourceFile>,
}

impl SourceFiles {
    /// Adds a text and numbers it.
    pub fn add(&mut self, path: &Path, bytes: &[u8]) -> SourceId {
        let id = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        self.files.push(SourceFile { path: path.to_owned(), text: String::from_utf8_lossy(bytes).into_owned() });
        SourceId(id)
    }

    /// The number of the text read from `path`, if it was.
    pub fn find(&self, path: &Path) -> Option<SourceId> {
        let index = self.files.iter().position(|f| f.path == path)?;
        u32::try_from(index).ok().map(SourceId)
    }

    /// The text of this number.
    pub fn get(&self, id: SourceId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// Every text.
    pub fn all(&self) -> &[SourceFile] {
        &self.files
    }

    /// `path` as seen from the folder of the file that `span` lies in.
    pub fn resolve_relative(&self, span: Span, path: &str) -> PathBuf {
        match self.get(span.source).and_then(|f| f.path.parent()) {
            Some(folder) => folder.join(path),
            None => PathBuf::from(path),
        }
    }
}

/// The reason why a file cannot be read, without the error number of the operating system.
pub fn io_error_reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}
