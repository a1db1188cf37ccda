//! What is due in a while, or was a while ago: an agent that looks often and goes on with what is that far away.

use serde_json::json;

use crate::{
    catalogue::schema::Types,
    plan::{
        clauses::act::Act,
        steps::{
            build::{Branch, Builder},
            draft::Datum,
        },
        wording::time::Lead,
    },
    reading::Phrase,
};

impl<'r> Builder<'_, 'r> {
    /// "An hour before each meeting": looks often enough, and goes on with what is that far away now.
    pub(in crate::plan) fn timed(&mut self, act: &Act<'r>, phrases: &[&'r Phrase], lead: Lead) {
        self.cover.add(&act.clause.span);
        let by = |name: &str| self.known.catalogue.by_name(name);
        let daily = lead.minutes.is_multiple_of(1440);
        let clock = by(if daily { "GetCurrentDateBlock" } else { "GetCurrentDateAndTimeBlock" });
        let services = act.services();
        let source = phrases.iter().find(|phrase| self.source_of(act, phrase, &services).is_some());
        let (Some(clock), Some(check), Some(phrase)) = (clock, by("AIConditionBlock"), source) else {
            return self.block(act.index);
        };
        (self.polls, self.daily) = (self.reading.schedule.is_none(), daily);
        let Some(list) = self.fetch(act, phrase, &services) else { return };
        let entry = self.single(list);
        let Some(datum) = self.draft.data.get(entry).cloned() else { return };
        let Some(flow) = self.take(entry) else { return };
        let now = self.step_of(clock, "See what time it is", &[("trigger", json!("now"))], &[]);
        let now = self.draft.flow(now, if daily { "date" } else { "date_time" });
        let until = lead.minutes + self.interval();
        let side = if lead.before { "starts or is due" } else { "ended or was due" };
        let format = match (daily, lead.before) {
            (true, before) => {
                let side_of = if before { "after" } else { "before" };
                format!("it {side} exactly {} day(s) {side_of} {{{{{}}}}}", lead.minutes / 1440, now.name)
            }
            (false, true) => {
                format!("it {side} at least {} and less than {until} minutes after {{{{{}}}}}", lead.minutes, now.name)
            }
            (false, false) => {
                format!("it {side} at least {} and less than {until} minutes before {{{{{}}}}}", lead.minutes, now.name)
            }
        };
        let condition = self.draft.fill_in(&[now], &format, "Say how far away it has to be");
        let text = self.draft.fit(&flow, Types::STRING);
        let says = format!("Go on only with what is that far away: {}", act.text());
        let step = self.step_of(
            check,
            &says,
            &[],
            &[("input_value", text), ("condition", condition), ("yes_value", flow.clone())],
        );
        let mut out = self.draft.flow(step, "yes_output");
        (out.fields, out.types, out.name) = (flow.fields.clone(), flow.types, flow.name.clone());
        self.draft.data.push(Datum { flow: out, each: None, used: false, under: None, ..datum });
        let yes = self.draft.data.len() - 1;
        self.branch(act.index, Branch { yes, no: yes });
        self.done += 1;
    }
}
