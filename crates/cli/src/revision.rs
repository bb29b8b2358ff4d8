//! The files of a revision in Git, read with the program `git`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::exit::Failure;

/// A rule file as it was in a revision, with everything beside it, in a temporary folder.
#[derive(Debug)]
pub(crate) struct Revision {
    /// The rule file.
    pub(crate) rules: PathBuf,
    /// Ends with this value, and the files with it.
    _folder: TempDir,
}

impl Revision {
    /// Writes the files of `revision` of the repository that holds `rules`. Neither the repository nor its index is
    /// changed.
    ///
    /// # Errors
    /// Fails when `git` cannot be run, when the file is in no repository, and when there is no such revision or the
    /// revision does not have the file.
    pub(crate) fn of(rules: &Path, revision: &str) -> Result<Revision, Failure> {
        let parent = rules.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let Some(name) = rules.file_name() else {
            return Err(Failure::Message(format!("`{}` is not a file", rules.display())));
        };
        let root = git(parent, &["rev-parse", "--show-toplevel"], None)?
            .map_err(|why| Failure::Message(format!("`{}` is in no Git repository: {why}", rules.display())))?;
        let prefix = git(parent, &["rev-parse", "--show-prefix"], None)?.unwrap_or_default();
        let tree = format!("{revision}^{{tree}}");
        let known = git(parent, &["rev-parse", "--verify", "--quiet", "--end-of-options", &tree], None)?;
        let tree = known.map_err(|_| Failure::Message(format!("Git knows no revision `{revision}`")))?;
        let folder = tempfile::Builder::new().prefix("accolade-").tempdir()?;
        let files = folder.path().join(short(revision));
        let index = folder.path().join("index");
        let root = Path::new(&root);
        let failed = |why: String| Failure::Message(format!("the files of `{revision}` cannot be read: {why}"));
        git(root, &["read-tree", &tree], Some(&index))?.map_err(failed)?;
        let target = format!("--prefix={}/", files.display());
        git(root, &["checkout-index", "--all", "--quiet", &target], Some(&index))?.map_err(failed)?;
        let rules_then = files.join(prefix).join(name);
        if !rules_then.is_file() {
            return Err(Failure::Message(format!("`{}` is not in the revision `{revision}`", rules.display())));
        }
        Ok(Revision { rules: rules_then, _folder: folder })
    }
}

/// The revision as the name of a folder, which messages show.
fn short(revision: &str) -> String {
    let name = revision.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    name.take(40).collect()
}

/// The variables that bind `git` to one repository, as it sets them for hooks.
const BINDING: [&str; 4] = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/// The standard output of a command of `git`, or the first line of its standard error.
fn git(folder: &Path, arguments: &[&str], index: Option<&Path>) -> Result<Result<String, String>, Failure> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(arguments);
    for name in BINDING {
        command.env_remove(name);
    }
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    let Output { status, stdout, stderr } = command.output().map_err(|error| {
        let reason = accolade_engine::files::io_error_reason(&error);
        Failure::Message(format!("`--old-rev` needs the program `git`, which cannot be run: {reason}"))
    })?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim_end().to_owned();
    if status.success() {
        return Ok(Ok(text(stdout)));
    }
    let stderr = text(stderr);
    Ok(Err(stderr.lines().next().unwrap_or("it gave no reason").to_owned()))
}
