//! Memory and file descriptors of a process, from /proc.

use std::fs;

/// One measurement of a process.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Resident memory, in KB.
    pub resident: u64,
    /// Peak resident memory, in KB.
    pub peak: u64,
    pub descriptors: usize,
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
        Some(Self { resident: kilobytes("VmRSS:")?, peak: kilobytes("VmHWM:")?, descriptors })
    }
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
