//! `accolade test`

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use accolade_engine::{FileSystem, ProgressEvent, RunOptions};
use accolade_testing::{Coverage, TestOptions, TestReport, discover, report, run_file, update_expectations};

use crate::args::{DataArgs, TestArgs, TestFormat};
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::input::CommandSession;
use crate::own_inputs::refuse_input;
use crate::progress;
use crate::terminal;

/// Runs every test file, suggests cases, or looks for mutations that no case notices.
pub(crate) fn test(arguments: &TestArgs, extensions: &Extensions) -> Result<(), Failure> {
    if arguments.suggest {
        return suggest(arguments, extensions);
    }
    if arguments.watch {
        return watch(arguments, extensions);
    }
    let reports = run_tests(arguments, extensions)?;
    if arguments.update {
        let mut written = 0;
        for report in &reports {
            written += update_expectations(report)
                .map_err(|error| Failure::Message(format!("`{}` cannot be written: {error}", report.path.display())))?;
        }
        let values = if written == 1 { "value" } else { "values" };
        writeln!(terminal::stdout(), "{written} expected {values} updated")?;
        let sound = reports.iter().all(|r| !r.errors.has_errors() && r.cases.iter().all(|c| !c.errors.has_errors()));
        return if sound { Ok(()) } else { Err(Failure::Reported) };
    }
    let mut passed = verdict(arguments, &reports)?;
    if arguments.mutate {
        for of_rules in by_rules(&reports) {
            passed &= mutate(arguments, &of_rules, extensions)?;
        }
    }
    if passed { Ok(()) } else { Err(Failure::Reported) }
}

fn files(arguments: &TestArgs) -> Result<Vec<PathBuf>, Failure> {
    let here = [PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() { &here[..] } else { &arguments.paths };
    let mut found = Vec::new();
    for path in paths {
        let of_path = discover(path).map_err(|error| {
            let reason = accolade_engine::files::io_error_reason(&error);
            Failure::Message(format!("`{}` cannot be read: {reason}", path.display()))
        })?;
        found.extend(of_path);
    }
    found.dedup();
    if found.is_empty() {
        let message = "there are no tests: name a test file, or put `tests.yaml` beside the rule file";
        return Err(Failure::Message(message.to_owned()));
    }
    Ok(found)
}

fn run_tests(arguments: &TestArgs, extensions: &Extensions) -> Result<Vec<TestReport>, Failure> {
    let (plugins, options) = (extensions.plugins(), TestOptions { filter: arguments.filter.clone() });
    let found = files(arguments)?;
    let observer = progress::observer();
    let working = observer.finish_on_drop();
    let one = |(done, path): (usize, &PathBuf)| {
        let name = &path.display().to_string();
        observer.emit(ProgressEvent::Step { work: "testing", name, done, of: found.len() });
        run_file(path, &FileSystem, &plugins, &options)
    };
    let reports: Vec<TestReport> = found.iter().enumerate().map(one).collect();
    drop(working);
    if reports.iter().all(|r| r.cases.is_empty() && !r.errors.has_errors()) {
        let message = match &arguments.filter {
            Some(filter) => format!("no case has `{filter}` in its name"),
            None => "there are no cases".to_owned(),
        };
        return Err(Failure::Message(message));
    }
    Ok(reports)
}

/// Shows the reports. Returns whether all passed.
fn verdict(arguments: &TestArgs, reports: &[TestReport]) -> Result<bool, Failure> {
    let mut out = terminal::stdout();
    match arguments.format {
        TestFormat::Json => write!(out, "{}", report::json(reports))?,
        TestFormat::Junit => write!(out, "{}", report::junit(reports))?,
        TestFormat::Text => {
            for (i, one) in reports.iter().enumerate() {
                let gap = if i == 0 { "" } else { "\n" };
                write!(out, "{gap}{}", report::text(one))?;
            }
            for of_rules in by_rules(reports).iter().filter(|_| arguments.coverage) {
                let whole = Coverage::merge(of_rules.iter().map(|r| &r.coverage));
                write!(out, "\n{}: {}", of_rules[0].rules.display(), report::coverage(&whole, &of_rules[0].files))?;
            }
        }
    }
    let mut passed = reports.iter().all(TestReport::passed);
    for of_rules in by_rules(reports) {
        let whole = Coverage::merge(of_rules.iter().map(|r| &r.coverage));
        if let Some(least) = arguments.min_coverage.filter(|least| whole.share() < *least) {
            let (reached, all) = whole.counts();
            let rules = of_rules[0].rules.display();
            writeln!(terminal::stderr(), "{rules}: {reached} of {all} reached, less than {}%", least * 100.0)?;
            passed = false;
        }
    }
    Ok(passed)
}

/// The sound reports of each rule file.
fn by_rules(reports: &[TestReport]) -> Vec<Vec<&TestReport>> {
    let mut groups: Vec<Vec<&TestReport>> = Vec::new();
    for report in reports.iter().filter(|r| !r.errors.has_errors()) {
        match groups.iter_mut().find(|g| g[0].rules == report.rules) {
            Some(group) => group.push(report),
            None => groups.push(vec![report]),
        }
    }
    groups
}

fn mutate(arguments: &TestArgs, reports: &[&TestReport], extensions: &Extensions) -> Result<bool, Failure> {
    let rules = reports[0].rules.display();
    if !reports.iter().all(|r| r.passed()) {
        let message = format!("{rules}: a case already fails, so no mutation can be judged");
        writeln!(terminal::stderr(), "{message}")?;
        return Ok(false);
    }
    let tests: Vec<PathBuf> = reports.iter().map(|r| r.path.clone()).collect();
    let Some(outcome) =
        accolade_testing::mutate::mutate(&tests, &FileSystem, &|| extensions.plugins(), &progress::observer())
    else {
        return Ok(false);
    };
    if arguments.format == TestFormat::Text {
        write!(terminal::stdout(), "\n{rules}: {}", outcome.text())?;
    }
    Ok(outcome.survivors().next().is_none())
}

fn suggest(arguments: &TestArgs, extensions: &Extensions) -> Result<(), Failure> {
    let path = match arguments.paths.as_slice() {
        [one] => one,
        _ => return Err(Failure::Message("name one rule file or test file to suggest cases for".to_owned())),
    };
    let rules = rule_file(path);
    let data = DataArgs::of(rules);
    let opened = CommandSession::new(extensions, &data, crate::args::OutputFormat::Text)?;
    let session = &opened.session;
    let mut inputs = opened.own_inputs(None)?;
    inputs.add("the test file", path);
    refuse_input(&inputs, arguments.output.as_deref())?;
    let outcome = session.run(&opened.inputs()?, None, RunOptions::default()).map_err(|error| opened.failure(error))?;
    let text = accolade_testing::suggest::suggest(&data.rules, &session.set, &outcome, &extensions.plugins())
        .map_err(|findings| opened.findings_failure(findings))?;
    match &arguments.output {
        None => write!(terminal::stdout(), "{text}")?,
        Some(path) => {
            accolade_engine::output::replace_file(path, |sink| sink.write_all(text.as_bytes()))
                .map_err(|error| Failure::Message(format!("`{}` cannot be written: {error}", path.display())))?;
            progress::note(format!("cases written to {}; review what they expect", path.display()))?;
        }
    }
    Ok(())
}

/// The rule file that a test file tests, or the path itself.
fn rule_file(path: &Path) -> PathBuf {
    match accolade_testing::read::read(path, &FileSystem).suite {
        Some(suite) => suite.rules,
        None => path.to_owned(),
    }
}

/// The time between two looks at the files.
const WATCH_INTERVAL: Duration = Duration::from_millis(300);

fn watch(arguments: &TestArgs, extensions: &Extensions) -> Result<(), Failure> {
    let mut seen = BTreeMap::new();
    loop {
        let now = times(&files(arguments)?);
        if now != seen {
            seen = now;
            match run_tests(arguments, extensions).and_then(|reports| verdict(arguments, &reports)) {
                Ok(_) => {}
                Err(Failure::Write(error)) => return Err(Failure::Write(error)),
                Err(failure) => drop(failure.report()),
            }
            writeln!(terminal::stdout(), "waiting for a change; stop with Ctrl-C")?;
        }
        std::thread::sleep(WATCH_INTERVAL);
    }
}

/// When each file beside a test file last changed.
fn times(tests: &[PathBuf]) -> BTreeMap<PathBuf, SystemTime> {
    let mut times = BTreeMap::new();
    for test in tests {
        let folder = test.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
        collect_times(folder, 3, &mut times);
    }
    times
}

fn collect_times(folder: &Path, depth: usize, times: &mut BTreeMap<PathBuf, SystemTime>) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let Ok(about) = entry.metadata() else { continue };
        if about.is_dir() && depth > 0 && entry.file_name() != "target" {
            collect_times(&entry.path(), depth - 1, times);
        } else if let Ok(time) = about.modified() {
            times.insert(entry.path(), time);
        }
    }
}
