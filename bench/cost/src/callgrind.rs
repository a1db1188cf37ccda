//! Instructions, counted by valgrind: the same number in every run, however busy the machine is.

use std::{
    env, fs,
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::{
    sample::asked,
    subject::{Places, Subject},
};

/// Invocations of a short and a long run: what lies between them is warm.
const SHORT: usize = 10;
const LONG: usize = 50;

/// What one process executes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instructions {
    /// From its start to its end, without an invocation.
    pub(crate) start: u64,
    /// In each warm invocation.
    pub(crate) invocation: u64,
}

/// Whether there is a valgrind on this machine.
pub(crate) fn is_here() -> bool {
    let mut valgrind = Command::new("valgrind");
    valgrind.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

impl Instructions {
    /// Counts those of a subject.
    pub(crate) async fn of(subject: Subject, places: &Places) -> Self {
        let start = counted(subject, places, 0).await;
        let (short, long) = (counted(subject, places, SHORT).await, counted(subject, places, LONG).await);
        Self { start, invocation: (long - short) / (LONG - SHORT) as u64 }
    }
}

/// The instructions of a whole run.
async fn counted(subject: Subject, places: &Places, invocations: usize) -> u64 {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    let told = env::temp_dir().join(format!("cost-{}-{run}.callgrind", std::process::id()));
    let valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"].map(str::to_owned);
    let under = [valgrind.as_slice(), &[format!("--log-file={}", told.display())]].concat();
    let mut stage = subject.start(places, &under).await;
    for _ in 0..invocations {
        asked(&mut stage).await;
    }
    stage.function.end().await;
    let text = fs::read_to_string(&told).expect("valgrind writes what it counted");
    // Of no use to anybody who comes later.
    let _ = fs::remove_file(&told);
    let count = text.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    count.unwrap_or_else(|| panic!("valgrind counted nothing: {text}"))
}
