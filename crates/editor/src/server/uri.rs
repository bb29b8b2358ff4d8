//! Conversion between the URIs of the protocol and paths.

use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

use lsp_types::Uri;
use url::Url;

/// The path of a `file:` URI.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    let path = Url::parse(uri.as_str()).ok()?.to_file_path().ok()?;
    Some(normal(&path))
}

/// The URI of a file, if its path is absolute.
pub(super) fn uri(path: &Path) -> Option<Uri> {
    let url = Url::from_file_path(normal(path)).ok()?;
    Uri::from_str(url.as_str()).ok()
}

/// A path without `.` and `..`, so that a file has one name however it was reached.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut parts = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(parts.components().next_back(), Some(Component::Normal(_))) => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_go_there_and_back() {
        for text in ["/tmp/a b/é.yaml", "/tmp/100%.yaml"] {
            let there = uri(Path::new(text)).unwrap();
            assert_eq!(path(&there).unwrap(), Path::new(text), "{}", there.as_str());
        }
        assert_eq!(path(&Uri::from_str("untitled:one").unwrap()), None);
        assert_eq!(uri(Path::new("relative.yaml")), None);
    }

    #[test]
    fn a_file_has_one_name() {
        assert_eq!(normal(Path::new("/a/b/../c/./d")), Path::new("/a/c/d"));
        assert_eq!(normal(Path::new("../a")), Path::new("../a"));
    }
}
