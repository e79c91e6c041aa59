//! Memory: how soon what is free goes back to the system.

/// How long the allocator keeps what is free, in milliseconds: long enough that a storm of callbacks uses the same memory again
/// and again.
#[cfg(not(target_env = "msvc"))]
const KEPT_MILLIS: isize = 1_000;

/// Has free memory go back to the system after about a second. By itself the allocator takes ten and more: so long a look at a
/// body of 10 MB would take twice what it needs.
///
/// To be called before threads are started: theirs is told when they start. It is set here and not when the allocator is built,
/// since `cargo install` would not know of that; and in the file of its settings or the environment it would be the user's to do.
#[cfg(not(target_env = "msvc"))]
pub fn give_back_soon() {
    use tikv_jemalloc_ctl::{Access as _, AsName as _};

    // Of what is made for threads that are to come, and of what this thread has.
    for name in ["arenas.dirty_decay_ms\0", "arena.0.dirty_decay_ms\0"] {
        if let Err(error) = name.name().write(KEPT_MILLIS) {
            tracing::debug!("free memory goes back to the system only later: {error}");
        }
    }
}

/// The system's own allocator gives back at once.
#[cfg(target_env = "msvc")]
pub fn give_back_soon() {}

#[cfg(test)]
mod tests {
    #[cfg(not(target_env = "msvc"))]
    #[test]
    fn what_threads_to_come_free_goes_back_soon() {
        use tikv_jemalloc_ctl::{Access as _, AsName as _};

        super::give_back_soon();
        assert_eq!("arenas.dirty_decay_ms\0".name().read(), Ok(super::KEPT_MILLIS));
    }
}
