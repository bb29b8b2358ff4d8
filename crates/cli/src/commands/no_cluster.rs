//! The cluster commands of a program that was built without the feature `cluster`.

use std::path::Path;

use accolade_engine::session::Error;
use accolade_engine::{CalibratedRun, Inputs, RunOptions, SavedCutOffs, Session};

use crate::args::{ExecutorArgs, SchedulerArgs};
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
) -> Result<Result<CalibratedRun<'a>, Error>, String> {
    Err(ABSENT.to_owned())
}

pub(super) fn scheduler(_: &SchedulerArgs) -> Result<(), Failure> {
    Err(Failure::Message(ABSENT.to_owned()))
}

pub(super) fn executor(_: &ExecutorArgs, _: &Extensions) -> Result<(), Failure> {
    Err(Failure::Message(ABSENT.to_owned()))
}
