//! Signals: TERM and INT end the service, HUP makes it reload its rules.

use std::io;

use accolade_serve::ServiceHandle;

/// Passes signals to the service. A second TERM or INT ends the process at once.
#[cfg(unix)]
pub(super) fn watch(control: ServiceHandle) -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        let mut ending = false;
        for signal in signals.forever() {
            if signal == SIGHUP {
                control.reload();
            } else if ending {
                // It cannot fail for a signal that can be caught.
                let _ = signal_hook::low_level::emulate_default_handler(signal);
            } else {
                ending = true;
                control.stop();
            }
        }
    });
    Ok(())
}

/// On other systems, the default handlers end the process.
#[cfg(not(unix))]
pub(super) fn watch(_: ServiceHandle) -> io::Result<()> {
    Ok(())
}
