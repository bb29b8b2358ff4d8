//! `time_zone:` of the rule file and of its sources.

use accolade_core::model::{Source, TimeZone};
use accolade_parser::syntax::file::RuleFile;
use accolade_parser::{Code, Diagnostic, Diagnostics, Name};

use super::names::with_suggestion;

/// Gives each source its time zone: its own, or that of the rule file.
pub(super) fn resolve(file: &RuleFile, sources: &mut [Source], out: &mut Diagnostics) {
    let of_file = file.time_zone.as_ref().and_then(|written| zone(written, out));
    for source in sources {
        let own = source.format.time_zone.as_ref().map(|written| zone(written, out));
        source.time_zone = own.unwrap_or(of_file);
    }
}

fn zone(written: &Name, out: &mut Diagnostics) -> Option<TimeZone> {
    let zone = TimeZone::named(&written.value);
    if zone.is_none() {
        // A city is often written alone.
        let names: Vec<&str> = TimeZone::names().collect();
        let city =
            names.iter().find(|name| name.rsplit('/').next().is_some_and(|c| c.eq_ignore_ascii_case(&written.value)));
        let diagnostic = Diagnostic::new(Code::E0106, format!("`{}` is no time zone", written.value)).at(written.span);
        out.push(match city {
            Some(name) => diagnostic.help(format!("did you mean `{name}`?")).fix(written.span, *name),
            None => with_suggestion(diagnostic, &written.value, &names),
        });
    }
    zone
}
