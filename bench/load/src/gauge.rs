//! What a process holds of the machine, as Linux tells it.

use std::fs;

/// One look at a process.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// The memory that it has now, in KB.
    pub resident: u64,
    /// The most that it ever had, in KB.
    pub peak: u64,
    /// Its open file descriptors.
    pub descriptors: usize,
}

impl Reading {
    /// Looks at the process `pid`; `None` where it has ended.
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

/// What a process held over a stretch of a run.
#[derive(Debug, Clone, Copy)]
pub struct Level {
    /// Its memory on average, in KB.
    pub resident: u64,
    /// The most descriptors that it had open at a time.
    pub descriptors: usize,
}

impl Level {
    /// That of some readings; `None` where there are none.
    pub fn of(readings: &[Reading]) -> Option<Self> {
        let count = u64::try_from(readings.len()).ok().filter(|count| *count > 0)?;
        let resident = readings.iter().map(|reading| reading.resident).sum::<u64>() / count;
        let descriptors = readings.iter().map(|reading| reading.descriptors).max()?;
        Some(Self { resident, descriptors })
    }
}
