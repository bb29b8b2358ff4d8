//! Two rule files that are compared, and what each side reads.

use std::path::{Path, PathBuf};

use accolade_core::files::Loader;
use accolade_core::location::Location;
use accolade_data::output::OwnInputs;
use accolade_data::profile::Inputs;
use accolade_parser::Diagnostics;
use accolade_rules::analysis::Plugins;

use super::{Credentials, Error, InputLocator, InputOptions, own_inputs, text};
use crate::compare;
use crate::compare::{Comparison, RuleFilePair, SideInputs};
use crate::run::SavedCutOffs;

/// Two open rule files, to be compared.
pub struct PairSession<'a> {
    /// The rule sets and the texts of both.
    pub pair: RuleFilePair,
    loader: &'a dyn Loader,
    plugins: &'a Plugins,
}

impl std::fmt::Debug for PairSession<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PairSession").field("pair", &self.pair).finish_non_exhaustive()
    }
}

impl<'a> PairSession<'a> {
    /// Reads and checks two rule files.
    ///
    /// # Errors
    /// Fails when either file cannot be read or has errors.
    pub fn open(
        old: &Path,
        new: &Path,
        loader: &'a dyn Loader,
        plugins: &'a Plugins,
    ) -> Result<PairSession<'a>, Error> {
        let pair = compare::read_pair(old, new, loader, plugins).map_err(|wrong| {
            let (findings, files) = *wrong;
            Error::of_rules(findings, files)
        })?;
        Ok(PairSession { pair, loader, plugins })
    }

    /// The inputs of the older and the newer side. The older side reads the newer side's data unless it has a folder of
    /// its own.
    ///
    /// # Errors
    /// Fails with E0709 when there is no date, and with E0701 when a source has no location or two, or its password
    /// cannot be read.
    pub fn inputs(
        &self,
        old: &InputOptions,
        new: &InputOptions,
        credentials: &dyn Credentials,
    ) -> Result<(Inputs, Inputs), Error> {
        let RuleFilePair { old: old_set, new: new_set, files, .. } = &self.pair;
        let loader = self.loader;
        let newer =
            InputLocator { set: new_set, files, loader, credentials }.inputs(new, &[]).map_err(self.failed())?;
        let names = new_set.demand.sources.iter().map(|source| source.name.as_str());
        let shared: Vec<(&str, &Location)> = match old.folder {
            Some(_) => Vec::new(),
            None => names.zip(&newer.locations).collect(),
        };
        let older =
            InputLocator { set: old_set, files, loader, credentials }.inputs(old, &shared).map_err(self.failed())?;
        Ok((older, newer))
    }

    /// What both sides read.
    pub fn own_inputs(&self, old: &Inputs, new: &Inputs) -> OwnInputs {
        let RuleFilePair { old: old_set, new: new_set, files, .. } = &self.pair;
        let mut inputs = OwnInputs::default();
        own_inputs::add_files(files, &mut inputs);
        for (set, side) in [(old_set, old), (new_set, new)] {
            own_inputs::add_sources(set, files, side.locations.iter().map(Some), &mut inputs);
        }
        inputs
    }

    /// The files that the sides may write rejected rows to, with their roles.
    pub fn rejects(&self, old: &InputOptions, new: &InputOptions) -> Vec<(String, PathBuf)> {
        [own_inputs::rejects(&self.pair.old, old), own_inputs::rejects(&self.pair.new, new)].concat()
    }

    /// Reads a file of cut-offs.
    ///
    /// # Errors
    /// Fails when the file cannot be read, and with E0710 when it is not a cut-offs file.
    pub fn cut_offs(&self, path: &Path) -> Result<SavedCutOffs, Error> {
        text::cut_offs(self.loader, path, self.failed()).map(|(saved, _)| saved)
    }

    /// Runs both sides and compares them.
    ///
    /// # Errors
    /// Fails when the data of either side has errors, and with E0710 when cut-offs do not fit the rules of their side.
    pub fn compare(&self, old: SideInputs, new: SideInputs) -> Result<Comparison, Error> {
        compare::compare(&self.pair, old, new, self.loader, self.plugins).map_err(self.failed())
    }

    fn failed(&self) -> impl Fn(Diagnostics) -> Error + '_ {
        |findings| Error::of_data(findings, &self.pair.files)
    }
}
