//! `accolade serve`

mod host;
mod signals;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use accolade_serve::{BearerToken, RequestLimits, ServiceHandle, Settings};

use self::host::FileHost;
use crate::args::ServeArgs;
use crate::exit::Failure;
use crate::extensions::Extensions;
use crate::progress;
use crate::terminal;

/// Rates single customers over HTTP until a signal ends it.
pub(crate) fn serve(arguments: ServeArgs, extensions: Extensions) -> Result<(), Failure> {
    let token = token(arguments.token_file.as_deref())?;
    if token.is_none() && !arguments.listen.ip().is_loopback() {
        let message = format!(
            "`{}` can be reached by others, so a token is needed: name its file with `--token-file`, or set ACCOLADE_TOKEN",
            arguments.listen
        );
        return Err(Failure::Message(message));
    }
    let settings = Settings {
        listen: arguments.listen,
        token,
        allowed_hosts: arguments.allow_host.clone(),
        limits: RequestLimits {
            body: arguments.max_body,
            concurrency: arguments.max_concurrency,
            batch: arguments.max_batch,
            timeout: Duration::from_secs(arguments.timeout),
        },
        connections: arguments.max_connections,
        reload_interval: (arguments.look_every > 0).then(|| Duration::from_secs(arguments.look_every)),
        grace: Duration::from_secs(arguments.grace),
    };
    let source = FileHost::new(arguments, extensions);
    let loaded = source.read().map_err(|stopped| stopped.failure)?;
    let control = ServiceHandle::default();
    signals::watch(control.clone())?;
    let listen = settings.listen;
    let rule_set = loaded.rater.set().name.clone();
    let listening = |address| {
        // Whoever started it may read the port here; a closed output is no reason to end.
        let _ = writeln!(terminal::stdout(), "{rule_set}: listening on http://{address}");
    };
    accolade_serve::serve(settings, Box::new(source), loaded, &control, listening)
        .map_err(|error| Failure::Message(format!("cannot listen on `{listen}`: {error}")))?;
    Ok(progress::note("ended")?)
}

/// The token of a file or of the environment.
fn token(file: Option<&Path>) -> Result<Option<BearerToken>, Failure> {
    let blank = |place: &str| Failure::Message(format!("{place} holds no token"));
    match file {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                let reason = accolade_engine::files::io_error_reason(&error);
                Failure::Message(format!("the token file `{}` cannot be read: {reason}", path.display()))
            })?;
            BearerToken::new(&text).map(Some).ok_or_else(|| blank(&format!("the file `{}`", path.display())))
        }
        None => match std::env::var("ACCOLADE_TOKEN") {
            Ok(text) => BearerToken::new(&text).map(Some).ok_or_else(|| blank("the variable ACCOLADE_TOKEN")),
            Err(_) => Ok(None),
        },
    }
}
