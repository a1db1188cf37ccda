//! Counts what is looked at, in tests: they tell linear work from quadratic work by it, not by a clock.

#[cfg(test)]
thread_local! {
    static LOOKED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Notes that so many characters or tokens are looked at.
#[inline]
pub(super) fn looked(count: usize) {
    #[cfg(test)]
    LOOKED.with(|looked| looked.set(looked.get() + count));
    #[cfg(not(test))]
    let _ = count;
}

/// How much `run` looks at.
#[cfg(test)]
pub(super) fn counted(run: impl FnOnce()) -> usize {
    let before = LOOKED.with(std::cell::Cell::get);
    run();
    LOOKED.with(std::cell::Cell::get) - before
}
