//! Files that are replaced as a whole, and what is left of them when a signal ends the process.

use std::io;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempPath;

/// The temporary files of outputs that are being written.
struct UnfinishedFiles(Mutex<Vec<PathBuf>>);

/// Those of this process.
static UNFINISHED: UnfinishedFiles = UnfinishedFiles(Mutex::new(Vec::new()));

/// The most links that a path may lead through.
const MAX_LINKS: usize = 40;

/// Replaces a file: writes a temporary file beside it, which is renamed to `path` once it is complete. A link stays a
/// link, and the file it leads to is replaced. A device or a pipe is written to.
///
/// # Errors
/// Fails when `content` or the file system does. The file at `path` is then unchanged.
pub fn replace_file(path: &Path, content: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> io::Result<()> {
    UNFINISHED.replace(path, content)
}

/// Removes the temporary files of outputs, for a process that is about to end, and then calls `end`. No output is begun
/// meanwhile.
pub fn remove_unfinished(end: impl FnOnce()) {
    UNFINISHED.remove(end);
}

impl UnfinishedFiles {
    fn replace(&self, path: &Path, content: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> io::Result<()> {
        if std::fs::metadata(path).is_ok_and(|about| !about.is_file() && !about.is_dir()) {
            return write_device(path, content);
        }
        let path = &behind_links(path)?;
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (mut file, temporary) = {
            let mut unfinished = self.lock();
            let (file, temporary) = tempfile::Builder::new().prefix(".accolade-").tempfile_in(folder)?.into_parts();
            unfinished.push(temporary.to_path_buf());
            (file, ListedFile { file: Some(temporary), list: self })
        };
        {
            let mut buffer = io::BufWriter::new(&mut file);
            content(&mut buffer)?;
            buffer.flush()?;
        }
        temporary.rename(path)
    }

    fn remove(&self, end: impl FnOnce()) {
        let mut unfinished = self.lock();
        for path in unfinished.drain(..) {
            // A file that has just been renamed is complete.
            let _ = std::fs::remove_file(path);
        }
        end();
    }

    fn unlist(&self, path: &Path) {
        self.lock().retain(|listed| listed != path);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A listed temporary file, removed when it is dropped.
struct ListedFile<'l> {
    file: Option<TempPath>,
    list: &'l UnfinishedFiles,
}

impl ListedFile<'_> {
    fn rename(mut self, path: &Path) -> io::Result<()> {
        let Some(temporary) = self.file.take() else { return Ok(()) };
        let listed = temporary.to_path_buf();
        let renamed =
            keep_permissions(path, &temporary).and_then(|()| temporary.persist(path).map_err(|error| error.error));
        self.list.unlist(&listed);
        renamed
    }
}

impl Drop for ListedFile<'_> {
    fn drop(&mut self) {
        if let Some(temporary) = self.file.take() {
            let listed = temporary.to_path_buf();
            drop(temporary);
            self.list.unlist(&listed);
        }
    }
}

/// The path that a link leads to, which need not exist.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        if !path.symlink_metadata().is_ok_and(|about| about.is_symlink()) {
            return Ok(path);
        }
        let target = std::fs::read_link(&path)?;
        path = path.parent().map_or_else(|| target.clone(), |folder| folder.join(&target));
    }
    Err(io::Error::other("its links lead nowhere"))
}

/// Writes the complete content to a device or a pipe.
fn write_device(path: &Path, content: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> io::Result<()> {
    let mut spooled = tempfile::tempfile()?;
    let mut buffer = io::BufWriter::new(&mut spooled);
    content(&mut buffer)?;
    buffer.flush()?;
    drop(buffer);
    spooled.rewind()?;
    let mut device = std::fs::OpenOptions::new().write(true).open(path)?;
    io::copy(&mut spooled, &mut device)?;
    device.flush()
}

/// Gives the temporary file, which is private to its owner, the mode of the file it replaces, or that of a new file.
#[cfg(unix)]
fn keep_permissions(path: &Path, temporary: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).map_or(0o644, |m| m.permissions().mode() & 0o777);
    std::fs::set_permissions(temporary, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn keep_permissions(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let names = folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn a_link_stays_and_its_target_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir(at("deep")).unwrap();
        symlink("deep/b", at("a")).unwrap();
        symlink("c", at("deep/b")).unwrap();
        for text in ["new", "again"] {
            replace_file(&at("a"), |sink| sink.write_all(text.as_bytes())).unwrap();
            assert_eq!(std::fs::read_to_string(at("deep/c")).unwrap(), text);
            assert!(at("a").is_symlink() && at("deep/b").is_symlink());
        }
        assert_eq!(names(&at("deep")), ["b", "c"]);
        symlink("circle", at("circle")).unwrap();
        replace_file(&at("circle"), |_| Ok(())).unwrap_err();
        replace_file(Path::new("/dev/null"), |sink| sink.write_all(b"x")).unwrap();
        assert!(!Path::new("/dev/null").is_file());
    }

    #[test]
    fn nothing_is_left_of_an_output_that_fails_or_is_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        // Other tests write files of this process meanwhile.
        let own = UnfinishedFiles(Mutex::default());
        own.replace(&path, |_| Err(io::Error::other("full"))).unwrap_err();
        assert!(names(folder.path()).is_empty());
        own.replace(&path, |_| {
            assert_eq!(names(folder.path()).len(), 1);
            own.remove(|| assert!(names(folder.path()).is_empty()));
            Ok(())
        })
        .unwrap_err();
        assert!(own.lock().is_empty());
    }
}
