//! A job: the texts of a rule set and the locations of its data, from which a machine can work for a run.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use accolade_engine::profile::{ClusterFailure, Division};
use accolade_engine::{Inputs, Loader, Location, Plugins, RuleSet, SourceFiles, compile};
use serde::{Deserialize, Serialize};

/// A run that machines work for.
#[derive(Debug, Serialize, Deserialize)]
pub struct Job {
    /// The unique name of the run.
    pub(crate) run: String,
    rules: PathBuf,
    texts: BTreeMap<PathBuf, String>,
    /// The file of each source; `None` for a source that only the client reads.
    files: Vec<Option<InputFile>>,
    pub(crate) as_of: i32,
    pub(crate) batch_size: usize,
}

#[derive(Debug, Serialize, Deserialize)]
struct InputFile {
    path: PathBuf,
    part: Option<String>,
}

/// A task, which is done in parts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum JobTask {
    /// Reading a source.
    Read { source: usize, division: Division },
    /// Rating customers by a step.
    Rate { step: usize, cut_offs: String, folder: PathBuf, parts: usize },
}

impl JobTask {
    /// The number of its parts.
    pub(crate) fn parts(&self) -> usize {
        match self {
            JobTask::Read { division, .. } => division.parts,
            JobTask::Rate { parts, .. } => *parts,
        }
    }
}

impl Job {
    /// The job of a run of the rule set with these texts.
    ///
    /// # Errors
    /// Fails with a message when there is no text or a path has no absolute form.
    pub fn new(files: &SourceFiles, inputs: &Inputs) -> Result<Job, String> {
        let Some(rules) = files.all().first().map(|file| file.path.clone()) else {
            return Err("there is no rule file".to_owned());
        };
        let texts = files.all().iter().map(|file| (file.path.clone(), file.text.clone())).collect();
        let file = |location: &Location| match location {
            Location::Path { path, part } => {
                let path = std::path::absolute(path).map_err(|e| format!("`{}`: {e}", path.display()))?;
                Ok(Some(InputFile { path, part: part.clone() }))
            }
            Location::Postgres { .. } | Location::Object(_) | Location::Memory(_) => Ok(None),
        };
        let files = inputs.locations.iter().map(file).collect::<Result<_, String>>()?;
        let since = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos());
        let run = format!("accolade-{}-{since}", std::process::id());
        Ok(Job { run, rules, texts, files, as_of: inputs.as_of, batch_size: inputs.batch_size.max(1) })
    }

    /// The number of sources.
    pub(crate) fn sources(&self) -> usize {
        self.files.len()
    }

    /// The location of a source; `None` if only the client reads it.
    pub(crate) fn location(&self, source: usize) -> Option<Location> {
        let file = self.files.get(source)?.as_ref()?;
        Some(Location::Path { path: file.path.clone(), part: file.part.clone() })
    }

    /// Compiles the rule set from its texts.
    pub(crate) fn rule_set(&self, plugins: &Plugins) -> Result<Arc<RuleSet>, ClusterFailure> {
        let compilation = compile(&self.rules, &JobTexts(&self.texts), plugins);
        compilation.set.map(Arc::new).ok_or_else(|| {
            let first = compilation.diagnostics.into_iter().next().map_or(String::new(), |d| d.message);
            ClusterFailure::Cluster(format!("the rule file has errors on an executor: {first}"))
        })
    }
}

#[cfg(test)]
impl Job {
    pub(crate) fn empty() -> Job {
        let (run, rules, texts, files) = (String::new(), PathBuf::new(), BTreeMap::new(), Vec::new());
        Job { run, rules, texts, files, as_of: 0, batch_size: 1 }
    }
}

struct JobTexts<'a>(&'a BTreeMap<PathBuf, String>);

impl Loader for JobTexts<'_> {
    fn load(&self, path: &Path) -> io::Result<Vec<u8>> {
        let text = self.0.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(text.clone().into_bytes())
    }

    /// The texts were loaded where the run began, which has followed the links.
    fn is_below(&self, _: &Path, _: &Path) -> bool {
        true
    }
}
