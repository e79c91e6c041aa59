//! Memory that is freed goes back to the system.
//!
//! glibc by itself keeps some 20 MB for every thread that once freed a buffer of 10 MB, expecting the next one: after one
//! large body that is several times the body. What tells it otherwise is read before the program begins, so the program
//! starts itself again with it, in place: same process, same arguments.

/// What glibc reads: from how many bytes on a buffer is the system's, and goes back to it when freed.
pub const VARIABLE: &str = "MALLOC_MMAP_THRESHOLD_";

/// Larger than what a frame or a request uses anew each time.
pub const VALUE: &str = "1048576";

/// Starts the program again if glibc was not told; goes on as it is where that cannot be done.
#[cfg(target_os = "linux")]
pub fn give_back_what_is_freed() {
    use std::env;
    use std::os::unix::process::CommandExt as _;
    use std::process::Command;

    if env::var_os(VARIABLE).is_some() {
        return;
    }
    let mut arguments = env::args_os();
    let Ok(program) = env::current_exe() else { return };
    let name = arguments.next().unwrap_or_else(|| program.clone().into());
    let error = Command::new(program).arg0(name).args(arguments).env(VARIABLE, VALUE).exec();
    tracing::debug!("freed memory is kept: {error}");
}

/// Only glibc has to be told.
#[cfg(not(target_os = "linux"))]
pub fn give_back_what_is_freed() {}
