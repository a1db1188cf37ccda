//! A run's result in Markdown.

use std::fmt::Write;

#[derive(Debug, Default)]
pub struct Report {
    /// To be printed.
    pub text: String,
    /// Empty if the run succeeded.
    pub complaints: Vec<String>,
}

impl Report {
    pub fn new(heading: &str, about: &str) -> Self {
        let mut report = Self::default();
        report.section(heading, about);
        report
    }

    pub fn section(&mut self, heading: &str, about: &str) {
        // Writing to a string does not fail.
        let _ = write!(self.text, "## {heading}\n\n{about}\n\n");
    }

    /// Aligns all columns but the first `words` to the right.
    pub fn table(&mut self, words: usize, columns: &[&str], rows: &[Vec<String>]) {
        let rule: Vec<&str> = (0..columns.len()).map(|column| if column < words { "---" } else { "---:" }).collect();
        let _ = writeln!(self.text, "| {} |\n|{}|", columns.join(" | "), rule.join("|"));
        for row in rows {
            let _ = writeln!(self.text, "| {} |", row.join(" | "));
        }
        self.text.push('\n');
    }

    /// # Panics
    /// If there is a complaint.
    pub fn assert_well(&self) {
        assert!(self.complaints.is_empty(), "{}\n{}", self.complaints.join("\n"), self.text);
    }
}

/// With a fixed number of decimals.
pub fn decimal(number: f64, digits: usize) -> String {
    format!("{number:.digits$}")
}

/// From kilobytes.
pub fn megabytes(kilobytes: u64) -> String {
    let kilobytes = u32::try_from(kilobytes).unwrap_or(u32::MAX);
    decimal(f64::from(kilobytes) / 1024.0, 2)
}
