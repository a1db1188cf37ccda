//! Tables for people, in Markdown.

use std::fmt::Write;

/// What a run came to.
#[derive(Debug, Default)]
pub struct Report {
    /// The tables and sentences to print.
    pub text: String,
    /// What should not have been; empty where all is well.
    pub complaints: Vec<String>,
}

impl Report {
    /// A report under this heading.
    pub fn new(heading: &str, about: &str) -> Self {
        let mut report = Self::default();
        report.section(heading, about);
        report
    }

    /// Begins another section.
    pub fn section(&mut self, heading: &str, about: &str) {
        // Writing to a string does not fail.
        let _ = write!(self.text, "## {heading}\n\n{about}\n\n");
    }

    /// Adds a table: numbers stand to the right, in every column but the first `words`.
    pub fn table(&mut self, words: usize, columns: &[&str], rows: &[Vec<String>]) {
        let rule: Vec<&str> = (0..columns.len()).map(|column| if column < words { "---" } else { "---:" }).collect();
        let _ = writeln!(self.text, "| {} |\n|{}|", columns.join(" | "), rule.join("|"));
        for row in rows {
            let _ = writeln!(self.text, "| {} |", row.join(" | "));
        }
        self.text.push('\n');
    }

    /// Ends with the panic that a test reports.
    ///
    /// # Panics
    /// Where there is a complaint.
    pub fn assert_well(&self) {
        assert!(self.complaints.is_empty(), "{}\n{}", self.complaints.join("\n"), self.text);
    }
}

/// A number with a full stop and so many digits behind it.
pub fn decimal(number: f64, digits: usize) -> String {
    format!("{number:.digits$}")
}

/// Kilobytes as megabytes.
pub fn megabytes(kilobytes: u64) -> String {
    let kilobytes = u32::try_from(kilobytes).unwrap_or(u32::MAX);
    decimal(f64::from(kilobytes) / 1024.0, 2)
}
