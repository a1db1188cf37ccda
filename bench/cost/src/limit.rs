//! What the figures must not exceed.

use load::report::{Report, decimal};

#[derive(Debug)]
pub(crate) struct Limit {
    what: String,
    figure: f64,
    most: f64,
}

impl Limit {
    pub(crate) fn new(what: impl Into<String>, figure: f64, most: f64) -> Self {
        Self { what: what.into(), figure, most }
    }

    /// False for NaN.
    fn is_kept(&self) -> bool {
        self.figure <= self.most
    }
}

/// Adds the table of limits, and a complaint for each that is exceeded.
pub(crate) fn tell(limits: &[Limit], report: &mut Report) {
    let row = |limit: &Limit| {
        let kept = if limit.is_kept() { "PASS" } else { "FAIL" };
        vec![limit.what.clone(), decimal(limit.figure, 3), decimal(limit.most, 3), kept.to_owned()]
    };
    let rows: Vec<_> = limits.iter().map(row).collect();
    report.table(1, &["what", "measured", "at most", ""], &rows);
    let exceeded = limits.iter().filter(|limit| !limit.is_kept());
    let complaint = |limit: &Limit| format!("{}: {:.3}, at most {:.3}", limit.what, limit.figure, limit.most);
    report.complaints.extend(exceeded.map(complaint));
}

#[cfg(test)]
mod tests {
    use load::report::Report;

    use super::{Limit, tell};

    #[test]
    fn what_costs_more_than_its_limit_ends_the_run_with_an_error() {
        let mut report = Report::default();
        tell(&[Limit::new("fine", 1.25, 1.25), Limit::new("dear", 1.26, 1.25)], &mut report);
        assert_eq!(report.complaints, ["dear: 1.260, at most 1.250"]);
        tell(&[Limit::new("unknown", f64::NAN, 1.25)], &mut report);
        assert_eq!(report.complaints.len(), 2);
    }
}
