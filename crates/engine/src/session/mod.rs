//! The one way in: a rule file that is open, and what a run of it needs.
//!
//! Errors hold the texts that their findings point into, so that a caller only shows them.

mod credentials;
mod error;
mod locations;
mod options;
mod pair;

use std::io;
use std::path::Path;
use std::sync::Arc;

use accolade_core::files::{Files, Loader, reason};
use accolade_data::profile::Inputs;
use accolade_parser::Diagnostics;
use accolade_rules::analysis::{Analyser, Plugins};
use accolade_rules::compile::{Compilation, compile_with};
use accolade_rules::set::RuleSet;

pub use self::credentials::Credentials;
pub use self::error::{Error, Findings};
use self::locations::Opening;
pub use self::options::InputOptions;
pub use self::pair::PairSession;
use crate::rater::Rater;
use crate::run;
use crate::run::{Calibrated, Outcome, RatingCluster, RunOptions, SavedCutOffs};

/// A rule file that is open.
pub struct Session<'a> {
    /// What it says, checked.
    pub set: Arc<RuleSet>,
    /// The texts it was read from.
    pub files: Files,
    /// Warnings about it.
    pub warnings: Diagnostics,
    loader: &'a dyn Loader,
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("set", &self.set.name).finish_non_exhaustive()
    }
}

impl<'a> Session<'a> {
    /// Reads and checks the rule file at `path` with everything it includes.
    ///
    /// # Errors
    /// A rule file that cannot be read or has errors.
    pub fn open(path: &Path, loader: &'a dyn Loader, plugins: &Plugins) -> Result<Session<'a>, Error> {
        Session::open_with(path, loader, plugins, &mut |_| {})
    }

    /// As [`open`](Self::open); `extend` may ask for more than the file says, once everything in it has been analysed.
    ///
    /// # Errors
    /// Also what is wrong with what `extend` asks for.
    pub fn open_with(
        path: &Path,
        loader: &'a dyn Loader,
        plugins: &Plugins,
        extend: &mut dyn FnMut(&mut Analyser),
    ) -> Result<Session<'a>, Error> {
        let Compilation { set, diagnostics, files, .. } = compile_with(path, loader, plugins, extend);
        match set {
            Some(set) => Ok(Session { set: Arc::new(set), files, warnings: diagnostics, loader }),
            None => Err(Error::of_rules(diagnostics, files)),
        }
    }

    /// The date to rate at: as written, or the rule file's; in days since 1970-01-01.
    ///
    /// # Errors
    /// A text that is no date, or no date at all.
    pub fn as_of(&self, written: Option<&str>) -> Result<i32, Error> {
        let mut out = Diagnostics::new();
        options::as_of(&self.set, written, &mut out).ok_or_else(|| self.failed(out))
    }

    /// What a run reads.
    ///
    /// # Errors
    /// A date or locations that cannot be used, passwords that cannot be read.
    pub fn inputs(&self, options: &InputOptions, credentials: &dyn Credentials) -> Result<Inputs, Error> {
        let Session { set, files, loader, .. } = self;
        let opening = Opening { set, files, loader: *loader, credentials };
        opening.inputs(options, &[]).map_err(|findings| self.failed(findings))
    }

    /// The cut-offs that a file holds, and its text.
    ///
    /// # Errors
    /// A file that cannot be read or holds no cut-offs.
    pub fn cut_offs(&self, path: &Path) -> Result<(SavedCutOffs, String), Error> {
        let text = text(self.loader, path)
            .map_err(|error| Error::Io(format!("`{}` cannot be read: {}", path.display(), reason(&error))))?;
        let saved = SavedCutOffs::read(&path.display().to_string(), &text);
        Ok((saved.map_err(|findings| self.failed(findings))?, text))
    }

    /// As [`cut_offs`](Self::cut_offs), refused where they were computed for another rule set.
    ///
    /// # Errors
    /// Also cut-offs of another rule set.
    pub fn own_cut_offs(&self, path: &Path) -> Result<SavedCutOffs, Error> {
        let (saved, _) = self.cut_offs(path)?;
        saved.check_rule_set(&self.set).map_err(|findings| self.failed(findings))?;
        Ok(saved)
    }

    /// Reads the data and rates every customer; cut-offs are computed unless `saved` holds them.
    ///
    /// # Errors
    /// What is wrong with the data or the cut-offs, or what could not be computed.
    pub fn run(&self, inputs: &Inputs, saved: Option<&SavedCutOffs>, options: RunOptions) -> Result<Outcome, Error> {
        run::run_with(&self.set, inputs, saved, options).map_err(|findings| self.failed(findings))
    }

    /// Reads the data and finds the cut-offs, on the machines of a cluster if there is one; customers are rated when
    /// they are asked for.
    ///
    /// # Errors
    /// What is wrong with the data or the cut-offs, or a cluster that failed.
    pub fn calibrate(
        &self,
        cluster: Option<&dyn RatingCluster>,
        inputs: &Inputs,
        saved: Option<&SavedCutOffs>,
        options: RunOptions,
    ) -> Result<Calibrated<'_>, Error> {
        run::calibrate(cluster, &self.set, inputs, saved, options).map_err(|findings| self.failed(findings))
    }

    /// The rule set with cut-offs, ready to rate single records by these rules, or by all if none are named; and its
    /// texts.
    ///
    /// # Errors
    /// Cut-offs that do not fit the rules, or a rule that is not there.
    pub fn into_rater(self, saved: &SavedCutOffs, as_of: i32, rules: &[String]) -> Result<(Rater, Files), Error> {
        let Session { set, files, .. } = self;
        let rater = Rater::new(&set, saved, as_of);
        let rater = rater.and_then(|rater| if rules.is_empty() { Ok(rater) } else { rater.only(rules) });
        match rater {
            Ok(rater) => Ok((rater, files)),
            Err(findings) => Err(Error::of_data(findings, &files)),
        }
    }

    /// The error of findings about data, cut-offs or options.
    pub fn failed(&self, findings: Diagnostics) -> Error {
        Error::of_data(findings, &self.files)
    }
}

/// The text of a file.
fn text(loader: &dyn Loader, path: &Path) -> io::Result<String> {
    let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8");
    String::from_utf8(loader.load(path)?).map_err(invalid)
}
