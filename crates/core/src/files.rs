//! The texts a rule set is made of, numbered so that a span can name its file.

use std::io;
use std::path::{Path, PathBuf};

use accolade_parser::{SourceId, Span};

/// One text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// As given by the user, or joined from the including file's folder.
    pub path: PathBuf,
    /// Its bytes as text; a file that is not UTF-8 is held with replacement characters, for display.
    pub text: String,
}

/// Where texts come from; the file system for a user, a map in tests.
pub trait Loader {
    /// The bytes of the file at `path`.
    ///
    /// # Errors
    /// Whatever kept it from being read.
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
pub struct Files {
    files: Vec<SourceFile>,
}

impl Files {
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
    pub fn beside(&self, span: Span, path: &str) -> PathBuf {
        match self.get(span.source).and_then(|f| f.path.parent()) {
            Some(folder) => folder.join(path),
            None => PathBuf::from(path),
        }
    }
}

/// What kept a file from being read, without the operating system's numbering.
pub fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        _ => error.to_string().to_lowercase(),
    }
}
