//! No clause depends on itself, by way of others: whoever followed it up would never end.

use crate::reading::Reading;

/// Cuts each circle once. The rules before it move clauses one at a time, and none of them sees the whole.
pub(in crate::plan) fn cut(reading: &mut Reading) {
    // The walk in which a clause was met; 0: in none.
    let mut met = vec![0; reading.clauses.len()];
    for walk in 1..=met.len() {
        let mut next = Some(walk - 1);
        while let Some((at, seen)) = next.and_then(|at| met.get_mut(at).map(|seen| (at, seen))) {
            let Some(clause) = reading.clauses.get_mut(at) else { break };
            if *seen == walk {
                clause.under = None;
            }
            if *seen != 0 {
                break;
            }
            *seen = walk;
            next = clause.under;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Knowledge;

    #[test]
    fn whoever_follows_a_clause_up_comes_to_an_end() {
        let known = Knowledge::embedded().unwrap();
        let goal = "If a mail is urgent, send it to Slack. If it is not, label it. Otherwise archive it.";
        let count = crate::reading::read(&known.vocabulary, goal).clauses.len();
        assert!(count > 3, "{count}");
        for tied in 0..count.pow(3) {
            let mut read = crate::reading::read(&known.vocabulary, goal);
            for (at, under) in [(0, tied), (1, tied / count), (2, tied / count / count)] {
                read.clauses[at].under = Some(under % count);
            }
            cut(&mut read);
            for at in 0..count {
                let above = std::iter::successors(Some(at), |at| read.clauses[*at].under);
                assert!(above.take(count + 1).count() <= count, "{:?}", read.clauses);
            }
        }
    }

    #[test]
    fn what_is_tied_to_no_circle_stays_where_it_is() {
        let known = Knowledge::embedded().unwrap();
        let goal = "When a mail arrives, if it is urgent, send it to Slack, otherwise archive it.";
        let mut read = crate::reading::read(&known.vocabulary, goal);
        let before = format!("{:?}", read.clauses);
        cut(&mut read);
        assert_eq!(format!("{:?}", read.clauses), before);
    }
}
