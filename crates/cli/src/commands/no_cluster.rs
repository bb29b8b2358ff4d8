//! The cluster commands of a program that was built without the feature `cluster`.

use std::path::Path;

use accolade_engine::session::Error;
use accolade_engine::{Calibrated, Inputs, RunOptions, SavedCutOffs, Session};

use crate::args::{Executor, Scheduler};
use crate::exit::Failure;
use crate::extensions::Extensions;

const ABSENT: &str = "this accolade was built without clusters; build it with `--features cluster`";

pub(super) fn calibrate<'a>(
    _: &str,
    _: Option<&Path>,
    _: &'a Session,
    _: &Inputs,
    _: Option<&SavedCutOffs>,
    _: RunOptions,
) -> Result<Result<Calibrated<'a>, Error>, String> {
    Err(ABSENT.to_owned())
}

pub(super) fn scheduler(_: &Scheduler) -> Result<(), Failure> {
    Err(Failure::Io(ABSENT.to_owned()))
}

pub(super) fn executor(_: &Executor, _: &Extensions) -> Result<(), Failure> {
    Err(Failure::Io(ABSENT.to_owned()))
}
