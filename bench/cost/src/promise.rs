//! What the figures have to show.

use load::report::{Report, decimal};

/// A figure, and what it may be at most.
#[derive(Debug)]
pub(crate) struct Promise {
    what: String,
    figure: f64,
    limit: f64,
}

impl Promise {
    pub(crate) fn new(what: impl Into<String>, figure: f64, limit: f64) -> Self {
        Self { what: what.into(), figure, limit }
    }

    /// Whether it is kept. A figure that is no number is not.
    fn is_kept(&self) -> bool {
        self.figure <= self.limit
    }
}

/// Adds the table of promises, and a complaint for each that is not kept.
pub(crate) fn tell(promises: &[Promise], report: &mut Report) {
    let row = |promise: &Promise| {
        let kept = if promise.is_kept() { "PASS" } else { "FAIL" };
        vec![promise.what.clone(), decimal(promise.figure, 3), decimal(promise.limit, 3), kept.to_owned()]
    };
    let rows: Vec<_> = promises.iter().map(row).collect();
    report.table(1, &["what", "measured", "at most", ""], &rows);
    let broken = promises.iter().filter(|promise| !promise.is_kept());
    report
        .complaints
        .extend(broken.map(|promise| format!("{}: {:.3}, at most {:.3}", promise.what, promise.figure, promise.limit)));
}

#[cfg(test)]
mod tests {
    use load::report::Report;

    use super::{Promise, tell};

    #[test]
    fn what_costs_more_than_was_promised_ends_the_run_with_an_error() {
        let mut report = Report::default();
        tell(&[Promise::new("fine", 1.25, 1.25), Promise::new("dear", 1.26, 1.25)], &mut report);
        assert_eq!(report.complaints, ["dear: 1.260, at most 1.250"]);
        tell(&[Promise::new("unknown", f64::NAN, 1.25)], &mut report);
        assert_eq!(report.complaints.len(), 2);
    }
}
