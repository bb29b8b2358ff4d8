//! What a machine needs to know to work for a run: the rule set as texts, and where its data is.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use accolade_engine::profile::{Division, Failure};
use accolade_engine::{Files, Inputs, Loader, Location, Plugins, RuleSet, compile};
use serde::{Deserialize, Serialize};

/// A run that machines work for.
#[derive(Debug, Serialize, Deserialize)]
pub struct Job {
    /// No two runs have the same.
    pub(crate) run: String,
    rules: PathBuf,
    texts: BTreeMap<PathBuf, String>,
    /// Where each source is; those that only the client reads are not told.
    files: Vec<Option<File>>,
    pub(crate) as_of: i32,
    pub(crate) batch_size: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct File {
    path: PathBuf,
    part: Option<String>,
}

/// What is to be done in parts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Task {
    /// A source is to be read.
    Read { source: usize, division: Division },
    /// A step is to be rated.
    Rate { step: usize, cut_offs: String, folder: PathBuf, parts: usize },
}

impl Task {
    /// In how many parts it is done.
    pub(crate) fn parts(&self) -> usize {
        match self {
            Task::Read { division, .. } => division.parts,
            Task::Rate { parts, .. } => *parts,
        }
    }
}

impl Job {
    /// The job of a run of the rule set that these texts make.
    ///
    /// # Errors
    /// What keeps it from being told to other machines.
    pub fn new(files: &Files, inputs: &Inputs) -> Result<Job, String> {
        let Some(rules) = files.all().first().map(|file| file.path.clone()) else {
            return Err("there is no rule file".to_owned());
        };
        let texts = files.all().iter().map(|file| (file.path.clone(), file.text.clone())).collect();
        let file = |location: &Location| match location {
            Location::Path { path, part } => {
                let path = std::path::absolute(path).map_err(|e| format!("`{}`: {e}", path.display()))?;
                Ok(Some(File { path, part: part.clone() }))
            }
            Location::Postgres { .. } | Location::Object(_) | Location::Rows(_) => Ok(None),
        };
        let files = inputs.files.iter().map(file).collect::<Result<_, String>>()?;
        let since = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos());
        let run = format!("accolade-{}-{since}", std::process::id());
        Ok(Job { run, rules, texts, files, as_of: inputs.as_of, batch_size: inputs.batch_size.max(1) })
    }

    /// How many sources it has.
    pub(crate) fn sources(&self) -> usize {
        self.files.len()
    }

    /// Where a source is.
    pub(crate) fn location(&self, source: usize) -> Option<Location> {
        let file = self.files.get(source)?.as_ref()?;
        Some(Location::Path { path: file.path.clone(), part: file.part.clone() })
    }

    /// The rule set.
    pub(crate) fn rule_set(&self, plugins: &Plugins) -> Result<Arc<RuleSet>, Failure> {
        let compilation = compile(&self.rules, &Texts(&self.texts), plugins);
        compilation.set.map(Arc::new).ok_or_else(|| {
            let first = compilation.diagnostics.into_iter().next().map_or(String::new(), |d| d.message);
            Failure::Cluster(format!("the rule file does not check on a machine of it: {first}"))
        })
    }
}

#[cfg(test)]
impl Job {
    pub(crate) fn of_nothing() -> Job {
        let (run, rules, texts, files) = (String::new(), PathBuf::new(), BTreeMap::new(), Vec::new());
        Job { run, rules, texts, files, as_of: 0, batch_size: 1 }
    }
}

struct Texts<'a>(&'a BTreeMap<PathBuf, String>);

impl Loader for Texts<'_> {
    fn load(&self, path: &Path) -> io::Result<Vec<u8>> {
        let text = self.0.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(text.clone().into_bytes())
    }
}
