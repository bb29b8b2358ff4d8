//! The entry point of the engine: a session with an open rule file, its inputs and its runs.
//!
//! Errors hold the texts that their findings point into, so a caller can show them as they are.

mod credentials;
mod error;
mod locations;
mod options;
mod own_inputs;
mod pair;
mod text;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use accolade_core::files::{Loader, SourceFiles};
use accolade_data::output::OwnInputs;
use accolade_data::profile::Inputs;
use accolade_parser::Diagnostics;
use accolade_rules::analysis::{Analyser, Plugins};
use accolade_rules::compile::{Compilation, compile_with};
use accolade_rules::set::RuleSet;

pub use self::credentials::Credentials;
pub use self::error::{Error, Findings};
use self::locations::InputLocator;
pub use self::options::InputOptions;
pub use self::pair::PairSession;
use crate::rater::Rater;
use crate::run;
use crate::run::{CalibratedRun, Outcome, RatingCluster, RunOptions, SavedCutOffs};

/// An open rule file.
pub struct Session<'a> {
    /// The checked rule set.
    pub set: Arc<RuleSet>,
    /// The texts it was read from.
    pub files: SourceFiles,
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
    /// Fails when the rule file cannot be read or has errors.
    pub fn open(path: &Path, loader: &'a dyn Loader, plugins: &Plugins) -> Result<Session<'a>, Error> {
        Session::open_with(path, loader, plugins, &mut |_| {})
    }

    /// As [`open`](Self::open). Once the file has been analysed, `extend` may add to the rule set.
    ///
    /// # Errors
    /// Fails as [`open`](Self::open) does, and when what `extend` adds has errors.
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

    /// The date to rate at in days since 1970-01-01: the one `written`, else the rule file's.
    ///
    /// # Errors
    /// Fails with E0709 when the text is not a date, or when neither is given.
    pub fn as_of(&self, written: Option<&str>) -> Result<i32, Error> {
        let mut out = Diagnostics::new();
        options::as_of(&self.set, written, &mut out).ok_or_else(|| self.failed(out))
    }

    /// The inputs of a run.
    ///
    /// # Errors
    /// Fails with E0709 when there is no date, and with E0701 when a source has no location or two, or its password
    /// cannot be read.
    pub fn inputs(&self, options: &InputOptions, credentials: &dyn Credentials) -> Result<Inputs, Error> {
        let Session { set, files, loader, .. } = self;
        let opening = InputLocator { set, files, loader: *loader, credentials };
        opening.inputs(options, &[]).map_err(|findings| self.failed(findings))
    }

    /// What a run with these options reads. What has no location is reported when the run is prepared.
    pub fn own_inputs(&self, options: &InputOptions, credentials: &dyn Credentials) -> OwnInputs {
        let Session { set, files, loader, .. } = self;
        let locator = InputLocator { set, files, loader: *loader, credentials };
        let locations = locator.locations(&options.locations(set), &[], &mut Diagnostics::new());
        let mut inputs = OwnInputs::default();
        own_inputs::add_files(files, &mut inputs);
        own_inputs::add_sources(set, files, locations.iter().map(Option::as_ref), &mut inputs);
        inputs
    }

    /// The files that a run with these options may write rejected rows to, with their roles.
    pub fn rejects(&self, options: &InputOptions) -> Vec<(String, PathBuf)> {
        own_inputs::rejects(&self.set, options)
    }

    /// Reads a file of cut-offs; also returns its text.
    ///
    /// # Errors
    /// Fails when the file cannot be read, and with E0710 when it is not a cut-offs file.
    pub fn cut_offs(&self, path: &Path) -> Result<(SavedCutOffs, String), Error> {
        text::cut_offs(self.loader, path, |findings| self.failed(findings))
    }

    /// As [`cut_offs`](Self::cut_offs), for cut-offs of this rule set only.
    ///
    /// # Errors
    /// Fails also with E0710 when they were computed for another rule set.
    pub fn matching_cut_offs(&self, path: &Path) -> Result<SavedCutOffs, Error> {
        let (saved, _) = self.cut_offs(path)?;
        saved.check_rule_set(&self.set).map_err(|findings| self.failed(findings))?;
        Ok(saved)
    }

    /// Reads the data and rates every customer; cut-offs are computed unless `saved` holds them.
    ///
    /// # Errors
    /// Fails when the data has errors, when the cut-offs do not fit, and when a step cannot be computed.
    pub fn run(&self, inputs: &Inputs, saved: Option<&SavedCutOffs>, options: RunOptions) -> Result<Outcome, Error> {
        run::run_with(&self.set, inputs, saved, options).map_err(|findings| self.failed(findings))
    }

    /// Reads the data and computes the cut-offs, on the machines of `cluster` if there is one. Customers are rated
    /// while they are written.
    ///
    /// # Errors
    /// Fails when the data has errors, when the cut-offs do not fit, and when the cluster fails.
    pub fn calibrate(
        &self,
        cluster: Option<&dyn RatingCluster>,
        inputs: &Inputs,
        saved: Option<&SavedCutOffs>,
        options: RunOptions,
    ) -> Result<CalibratedRun<'_>, Error> {
        run::calibrate(cluster, &self.set, inputs, saved, options).map_err(|findings| self.failed(findings))
    }

    /// A rater of single records by `rules`, or by all rules if none are named, and the texts of the rule set.
    ///
    /// # Errors
    /// Fails as [`Rater::new`] and [`Rater::for_rules`] do.
    pub fn into_rater(self, saved: &SavedCutOffs, as_of: i32, rules: &[String]) -> Result<(Rater, SourceFiles), Error> {
        let Session { set, files, .. } = self;
        let rater = Rater::new(&set, saved, as_of);
        let rater = rater.and_then(|rater| if rules.is_empty() { Ok(rater) } else { rater.for_rules(rules) });
        match rater {
            Ok(rater) => Ok((rater, files)),
            Err(findings) => Err(Error::of_data(findings, &files)),
        }
    }

    /// The error that holds findings about data, cut-offs or options.
    pub fn failed(&self, findings: Diagnostics) -> Error {
        Error::of_data(findings, &self.files)
    }
}
