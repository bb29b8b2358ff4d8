//! The texts a rule set is made of, numbered so that a span can name its file.

use std::fs::File;
use std::io;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use accolade_parser::{SourceId, Span};

/// A file of a rule set and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path as the user gave it, or joined to the folder of the including file.
    pub path: PathBuf,
    /// Its bytes as text; a file that is not UTF-8 is held with replacement characters, for display.
    pub text: String,
}

/// The most bytes of a rule file, a script, cut-offs or a test file.
const MOST_BYTES: u64 = 16 << 20;

/// Loads files, from the file system or, in tests, from a map.
pub trait Loader {
    /// The bytes of the file at `path`.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    fn load(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Whether a file is in a folder or below it once links are followed. A file that does not exist is where its path
    /// says.
    fn is_below(&self, path: &Path, folder: &Path) -> bool;
}

/// Reads from the file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct FileSystem;

impl Loader for FileSystem {
    fn load(&self, path: &Path) -> io::Result<Vec<u8>> {
        read_file(path)
    }

    fn is_below(&self, path: &Path, folder: &Path) -> bool {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        match (path.canonicalize(), folder.canonicalize()) {
            (Ok(path), Ok(folder)) => path.starts_with(folder),
            _ => true,
        }
    }
}

/// The bytes of a regular file of at most 16 MiB. Nothing else is opened: a pipe may never end, and a device neither.
///
/// # Errors
/// Fails if the file cannot be read, is not a regular file or is larger.
pub fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    regular_size(path)?;
    let mut bytes = Vec::new();
    // A file may grow, and some of the system have no size.
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(io::Error::other(format!("it has more than {MOST_BYTES} bytes")));
    }
    Ok(bytes)
}

/// As [`read_file`], as text.
///
/// # Errors
/// Fails also if the file is not UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read_file(path)?).map_err(|_| io::Error::other("it is not UTF-8"))
}

/// The size of a regular file, in bytes.
///
/// # Errors
/// Fails if there is no such file or it is not a regular file.
pub fn regular_size(path: &Path) -> io::Result<u64> {
    let file = std::fs::metadata(path)?;
    match file.is_file() {
        true => Ok(file.len()),
        false if file.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        false => Err(io::Error::other("it is a pipe, a socket or a device, not a regular file")),
    }
}

/// Whether a relative path leads out of the folder that it begins in, links aside.
pub fn leaves_folder(path: &Path) -> bool {
    let mut depth = 0_usize;
    for part in path.components() {
        match part {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir if depth > 0 => depth -= 1,
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return true,
        }
    }
    false
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_the_folder_are_found() {
        let check = |path: &str, expected: bool| assert_eq!(leaves_folder(Path::new(path)), expected, "{path}");
        check("a.rhai", false);
        check("./a/b.rhai", false);
        check("a/../b.rhai", false);
        check("../a.rhai", true);
        check("a/../../b.rhai", true);
        check("/a.rhai", true);
        check("", false);
    }

    #[test]
    fn only_regular_files_of_some_size_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let check = |name: &str, expected: Result<usize, &str>| {
            let read = read_file(&at(name)).map(|bytes| bytes.len()).map_err(|error| io_error_reason(&error));
            assert_eq!(read, expected.map_err(str::to_owned), "{name}");
        };
        std::fs::write(at("small"), "text").unwrap();
        check("small", Ok(4));
        File::create(at("largest")).unwrap().set_len(MOST_BYTES).unwrap();
        check("largest", Ok(1 << 24));
        File::create(at("larger")).unwrap().set_len(MOST_BYTES + 1).unwrap();
        check("larger", Err("it has more than 16777216 bytes"));
        check("none", Err("there is no such file"));
        std::fs::create_dir(at("folder")).unwrap();
        check("folder", Err("it is a folder"));
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes_are_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        for path in [pipe.as_path(), Path::new("/dev/zero")] {
            let error = read_file(path).unwrap_err();
            assert_eq!(io_error_reason(&error), "it is a pipe, a socket or a device, not a regular file");
            assert!(regular_size(path).is_err());
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("rules/sub")).unwrap();
        for file in ["outside", "rules/inside"] {
            std::fs::write(at(file), "").unwrap();
        }
        let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, at(name)).unwrap();
        link("../inside", "rules/sub/in");
        link("../outside", "rules/out");
        link("..", "rules/up");
        let check = |path: &str, expected: bool| {
            assert_eq!(FileSystem.is_below(&at(path), &at("rules")), expected, "{path}");
        };
        check("rules/inside", true);
        check("rules/sub/in", true);
        check("rules/none", true);
        check("rules/out", false);
        check("rules/up/outside", false);
        check("rules/up/rules/inside", true);
    }
}
