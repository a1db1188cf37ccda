//! Memory, file descriptors and time of a process, from /proc.

use std::{fs, time::Duration};

/// `sysconf(_SC_CLK_TCK)` of every Linux that Rust runs on.
const TICKS_PER_SECOND: u64 = 100;

/// One measurement of a process.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Resident memory, in KB.
    pub resident: u64,
    /// Peak resident memory, in KB.
    pub peak: u64,
    pub descriptors: usize,
    /// Since its start, of all threads, in steps of 10 ms.
    pub processor: Duration,
}

impl Reading {
    /// `None` if the process has ended.
    pub fn of(pid: u32) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let kilobytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse().ok()
        };
        let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count();
        let processor = processor_time(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?;
        Some(Self { resident: kilobytes("VmRSS:")?, peak: kilobytes("VmHWM:")?, descriptors, processor })
    }
}

/// How long the threads of a process could run and had no processor, since they started. Zero if the process has ended.
pub fn starved(pid: u32) -> Duration {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return Duration::ZERO };
    let of_thread = |thread: fs::DirEntry| waited(&fs::read_to_string(thread.path().join("schedstat")).ok()?);
    threads.flatten().filter_map(of_thread).sum()
}

/// The second number of /proc/PID/schedstat, in nanoseconds.
fn waited(schedstat: &str) -> Option<Duration> {
    schedstat.split_whitespace().nth(1)?.parse().ok().map(Duration::from_nanos)
}

/// User and system time of /proc/PID/stat: its fields 14 and 15. The name in field 2 may hold blanks.
fn processor_time(stat: &str) -> Option<Duration> {
    let (_, after_name) = stat.rsplit_once(") ")?;
    let fields = after_name.split(' ').skip(11).take(2);
    let ticks: u64 = fields.map(|field| field.parse::<u64>().ok()).sum::<Option<u64>>()?;
    Some(Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
}

/// A summary of several readings.
#[derive(Debug, Clone, Copy)]
pub struct Level {
    /// The average, in KB.
    pub resident: u64,
    /// The maximum.
    pub descriptors: usize,
}

impl Level {
    /// `None` if there are no readings.
    pub fn of(readings: &[Reading]) -> Option<Self> {
        let count = u64::try_from(readings.len()).ok().filter(|count| *count > 0)?;
        let resident = readings.iter().map(|reading| reading.resident).sum::<u64>() / count;
        let descriptors = readings.iter().map(|reading| reading.descriptors).max()?;
        Some(Self { resident, descriptors })
    }
}
