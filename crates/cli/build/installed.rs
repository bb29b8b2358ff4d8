//! Finds the programs and data that the end-to-end tests need besides Rust.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of PostgreSQL's server programs: in the path, or where Debian puts it.
pub fn postgres() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders = path().into_iter().chain(debian.map(|version| version.path().join("bin")));
    let initdb = file(folders, "initdb")?;
    // Called through a link it would not find the programs beside it.
    Some(initdb.canonicalize().ok()?.parent()?.to_owned())
}

/// A browser that speaks the DevTools protocol.
pub fn browser() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(|name| file(path(), name))
}

/// Git.
pub fn git() -> Option<PathBuf> {
    file(path(), "git")
}

/// Python with DuckDB.
pub fn duckdb() -> Option<PathBuf> {
    python("duckdb")
}

/// Python with Spark, which needs Java too.
pub fn spark() -> Option<PathBuf> {
    let python = python("pyspark")?;
    Command::new("java").arg("-version").output().is_ok_and(|output| output.status.success()).then_some(python)
}

/// The server of moto, an object store.
#[cfg_attr(not(feature = "object-store"), allow(dead_code))]
pub fn moto() -> Option<PathBuf> {
    file(path().into_iter().chain([repository("target/moto/bin")]), "moto_server")
}

/// The folder of reference data beside the repository.
pub fn shared_data() -> Option<PathBuf> {
    let folder = repository("../shared/data");
    folder.join("README.md").is_file().then_some(folder)
}

/// Python with a package: where `.ci/run` puts it, or in the path.
fn python(package: &str) -> Option<PathBuf> {
    let find = format!("import importlib.util, sys; sys.exit(importlib.util.find_spec('{package}') is None)");
    let has = |python: &PathBuf| {
        Command::new(python).args(["-c", &find]).output().is_ok_and(|output| output.status.success())
    };
    [Some(repository("target/warehouse/bin/python")), file(path(), "python3")].into_iter().flatten().find(has)
}

/// A path in the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The folders in which programs are looked for.
fn path() -> Vec<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect()
}

/// The first of these folders' files with this name.
fn file(folders: impl IntoIterator<Item = PathBuf>, name: &str) -> Option<PathBuf> {
    folders.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file())
}
