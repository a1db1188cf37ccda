//! Steps change places, and links lead elsewhere.

use super::{Edit, only::FINDS};
use crate::patcher::{
    Refused,
    canvas::{
        Link,
        words::{alike, words},
    },
    find::{Among, Field, Wanted},
    wish::Place,
};

impl Edit<'_, '_> {
    /// The step that an order names as it is: "send the e-mail", "ask me for approval".
    pub(super) fn meant_by_order(&self, text: &str) -> Option<usize> {
        let wanted = Wanted::of(self.canvas.known, text);
        let best = self.canvas.best(&wanted, Among::Working);
        if let [only] = best.as_slice() {
            return Some(*only);
        }
        // "ask me for approval": the verb only carries it.
        let rest: Vec<String> = wanted.words.iter().skip(1).cloned().collect();
        let carries = wanted.words.first().is_some_and(|word| {
            matches!(word.as_str(), "ask" | "do" | "perform" | "run" | "have" | "make" | "get" | "put" | "wait")
        });
        if !carries || rest.is_empty() {
            return None;
        }
        match self.canvas.best(&Wanted { words: rest, ..wanted }, Among::Working).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// "move X before Y"
    pub(super) fn shift(&mut self, what: &str) -> Result<(), Refused> {
        let Some(place) = self.operation.place.clone() else { return Err(self.lost(&self.operation.said.clone())) };
        let at = self.canvas.step(what, Among::Working, self.context)?;
        self.reorder_to(at, &place)
    }

    pub(super) fn reorder_to(&mut self, at: usize, place: &Place) -> Result<(), Refused> {
        let there = |edit: &mut Self, of: &str| -> Result<usize, Refused> {
            edit.placed(of)?.ok_or_else(|| edit.canvas.no_step(of))
        };
        match place {
            Place::Before(of) => {
                let there = there(self, of)?;
                self.reorder(at, true, there)
            }
            Place::After(of) => match self.placed(of)? {
                Some(there) => self.reorder(at, false, there),
                None => self.reorder_to(at, &Place::End),
            },
            Place::Between(_, other) => {
                let there = there(self, other)?;
                self.reorder(at, true, there)
            }
            Place::First | Place::Start => {
                let first =
                    self.canvas.working().into_iter().find(|step| {
                        *step != at && self.canvas.main_link(*step).is_some() && !self.canvas.begins(*step)
                    });
                match first {
                    Some(first) => self.reorder(at, true, first),
                    None => Err(self.lost(&self.operation.said.clone())),
                }
            }
            Place::End => match self.last().filter(|last| *last != at) {
                Some(last) => self.reorder(at, false, last),
                None => Ok(()),
            },
            Place::Later(_) => Err(self.lost(&self.operation.said.clone())),
        }
    }

    /// Moves a step before or after another: what one works on becomes what the other gives.
    fn reorder(&mut self, at: usize, before: bool, there: usize) -> Result<(), Refused> {
        let title = |edit: &Self, at: usize| edit.canvas.title(at);
        let impossible = |text: String| Err(Refused::unsupported(text));
        let (one, other) = (title(self, at), title(self, there));
        if at == there {
            return impossible(format!("{one} cannot come before or after itself."));
        }
        let (early, late) = if before { (at, there) } else { (there, at) };
        if self.canvas.leads(early, late) {
            return impossible(format!("{} comes before {} already.", title(self, early), title(self, late)));
        }
        if self.canvas.delivers(early) && self.canvas.delivers(late) {
            return impossible(format!(
                "{one} and {other} do not wait for each other: neither needs what the other gives."
            ));
        }
        if self.canvas.thinks(late) && self.shows(early) {
            return impossible(format!(
                "{} makes no text that {} could work on.",
                title(self, early),
                title(self, late)
            ));
        }
        let serving = self.canvas.serving();
        // Asked before anything moves: afterwards nobody takes it any more.
        let given = self.canvas.gives(early);
        let works_on = |edit: &Self, at: usize| edit.canvas.main_link(at).filter(|_| !edit.canvas.begins(at));
        let Some(late_main) = works_on(self, late) else {
            return impossible(format!("{} begins the work: nothing can come before it.", title(self, late)));
        };
        if self.canvas.leads(late, early) {
            let Some(main) = works_on(self, early) else {
                return impossible(format!("{} begins the work: it works on nothing.", title(self, early)));
            };
            // Whichever is moved leaves its place: what came after it takes what it took.
            if before {
                self.close(at, &main);
                self.canvas.feed(early, (late_main.from, &late_main.output));
                self.show_last(early, late);
            } else {
                let heirs = self.canvas.links_out(early);
                self.close(at, &late_main);
                let late_gives = self.canvas.gives(late).filter(|_| !self.canvas.delivers(late));
                let receipt = self.canvas.delivers(early);
                for heir in heirs.into_iter().filter(|heir| heir.to != late && !receipt) {
                    if let Some(late_gives) = late_gives.as_ref().filter(|_| given.as_ref() == Some(&heir.output)) {
                        self.canvas.route((late, late_gives), heir.to, &heir.input);
                    }
                }
            }
            self.canvas.swap_places(at, there);
        }
        if !self.canvas.delivers(early) {
            let Some(output) = given else {
                return impossible(format!("{} gives nothing that could be worked on.", title(self, early)));
            };
            self.canvas.feed(late, (early, &output));
        }
        self.canvas.sweep(&serving)
    }

    /// What came out of the agent was what came last: that is another step now, if nothing else takes from it.
    fn show_last(&mut self, early: usize, late: usize) {
        if self.canvas.delivers(late) || self.canvas.links_out(late).iter().any(|link| link.to != early) {
            return;
        }
        let Some(output) = self.canvas.gives(late) else { return };
        for link in self.canvas.links_out(early) {
            if self.canvas.is(link.to, |block| block.is_agent_output()) {
                self.canvas.route((late, &output), link.to, &link.input);
            }
        }
    }

    /// Whether a step makes something to look at or to listen to.
    pub(super) fn shows(&self, at: usize) -> bool {
        let names = self.canvas.names();
        let sight = ["image", "picture", "photo", "video", "audio", "speech", "screenshot"];
        let named = names.get(at).is_some_and(|names| sight.iter().any(|word| names.fit(word) > 0));
        named && !self.canvas.is(at, crate::knowledge::is_text_model)
    }

    /// "swap A and B"
    pub(super) fn swap(&mut self, one: &str, other: &str) -> Result<(), Refused> {
        let (one, other) = (self.doing(one)?, self.doing(other)?);
        match self.canvas.leads(other, one) {
            true => self.reorder(one, true, other),
            false => self.reorder(other, true, one),
        }
    }

    /// "do A first and B afterwards"
    pub(super) fn in_order(&mut self, first: &str, then: &str) -> Result<(), Refused> {
        let (one, then) = match (self.doing(first), self.doing(then)) {
            (Ok(one), then) => (one, then?),
            (Err(missing), Ok(then)) => return self.first_new(first, then, missing),
            (Err(missing), Err(_)) => return Err(missing),
        };
        self.reorder(one, true, then)
    }

    /// "first extract the decisions, then the action items": what no step does yet comes before the one that is there.
    fn first_new(&mut self, order: &str, then: usize, missing: Refused) -> Result<(), Refused> {
        let verb = order.split_whitespace().next().unwrap_or_default().to_lowercase();
        if matches!(missing, Refused::Open(_)) || !self.canvas.known.vocabulary.orders(&verb) {
            return Err(missing);
        }
        // What is looked for in a text takes nothing away from it.
        if FINDS.contains(&verb.as_str()) {
            let list = self.upto(then, false);
            let from = self.plan(order, list)?.start;
            return self.settle(from, None);
        }
        self.insert_before(order, then)
    }

    /// The step that a thing to be moved names.
    fn doing(&self, what: &str) -> Result<usize, Refused> {
        let wanted = Wanted::of(self.canvas.known, what);
        if let Some(at) = self.foremost(&wanted) {
            return Ok(at);
        }
        let best = self.canvas.best(&wanted, Among::Working);
        let plain: Vec<usize> = best.iter().copied().filter(|at| !self.canvas.is_helper(*at)).collect();
        let best = if plain.is_empty() { best } else { plain };
        self.canvas.one_of(best, self.context)?.ok_or_else(|| self.canvas.no_step(what))
    }

    /// The only step whose title begins with what is wanted, and has the rest of it: "Summarise it" of "the summary".
    fn foremost(&self, wanted: &Wanted) -> Option<usize> {
        let known = self.canvas.known;
        let first = wanted.words.first().filter(|_| wanted.values.is_empty())?;
        let names = self.canvas.names();
        let fits = |at: &usize| {
            let opens = words(known, &self.canvas.title(*at)).first().is_some_and(|word| alike(word, first) > 0);
            let has = |word: &String| names.get(*at).is_some_and(|names| names.fit(word) > 0);
            opens && !self.canvas.begins(*at) && !self.canvas.is_helper(*at) && wanted.words.iter().all(has)
        };
        let mut found = self.canvas.working().into_iter().filter(fits);
        found.next().filter(|_| found.next().is_none())
    }

    /// Puts two steps that orders name into this order; what is new comes before the one that is there. `None` where the
    /// second is something new.
    pub(super) fn sequence(&mut self, first: &str, then: &str) -> Option<Result<(), Refused>> {
        let other = self.done_by(then, first)?;
        let Some(one) = self.done_by(first, "") else {
            let new = self.canvas.main_link(other).is_some() && !self.canvas.begins(other) && !self.sends(first);
            return new.then(|| self.insert_before(first, other));
        };
        let (one, other) = (one, Some(other).filter(|other| *other != one)?);
        Some(self.reorder(one, true, other))
    }

    /// The step that does what an order says: all of it, or by its verb where the rest is about what comes before.
    fn done_by(&self, order: &str, before: &str) -> Option<usize> {
        let known = self.canvas.known;
        // "sum up" is what "Summarise" does.
        let first: Vec<&str> = order.split_whitespace().take(2).collect();
        let phrase = first.join(" ").to_lowercase();
        let order = &order.to_lowercase().replacen(&phrase, known.usual_verb(&phrase), 1);
        let wanted = Wanted::of(known, order);
        let only = |wanted: &Wanted| {
            let best = self.canvas.best(wanted, Among::Working);
            let plain: Vec<usize> = best.into_iter().filter(|at| !self.canvas.is_helper(*at)).collect();
            match plain.as_slice() {
                [only] => Some(*only),
                _ => None,
            }
        };
        let (verb, rest) = wanted.words.split_first()?;
        let names = self.canvas.names();
        let earlier = Wanted::of(known, before).words;
        let named = |word: &String| {
            matches!(word.as_str(), "text" | "result" | "version" | "output" | "one")
                || earlier.contains(word)
                || names.iter().any(|names| names.fit(word) > 0)
        };
        // "summarise the German text" is what "Summarise" does, not "Translate the summary to German".
        let does = Wanted { words: vec![verb.clone()], ..Wanted::default() };
        let about = wanted.values.is_empty() && self.service_in(order).is_none() && rest.iter().all(named);
        let by_verb = || self.foremost(&does).filter(|_| about);
        self.foremost(&wanted).or_else(by_verb).or_else(|| only(&wanted)).or_else(|| only(&does).filter(|_| about))
    }

    /// Whatever took something from a step takes this instead.
    fn close(&mut self, at: usize, main: &Link) {
        for link in self.canvas.links_out(at) {
            // What the agent gives out is still what the step gives.
            let shown = self.canvas.is(link.to, |block| block.is_agent_output());
            if link.to != main.from && !shown {
                self.canvas.route((main.from, &main.output), link.to, &link.input);
            }
        }
    }

    /// What one step gives goes into another, in place of what it takes now.
    pub(super) fn connect(&mut self, from: &str, to: &str) -> Result<(), Refused> {
        let wanted = Wanted::of(self.canvas.known, to);
        let source = self.canvas.step(from, Among::Everything, self.context)?;
        let steps = self.canvas.best(&wanted, Among::Everything);
        let field = match self.canvas.one_of(steps, self.context)? {
            Some(at) if self.canvas.is(at, |block| block.is_agent_output()) => Field { at, name: "value".to_owned() },
            Some(at) => {
                let main =
                    self.canvas.main_link(at).filter(|link| !self.canvas.is(link.from, |block| block.is_agent_input()));
                let name = main.map(|link| link.input).or_else(|| self.text_of(at).map(|field| field.name));
                let Some(name) = name else {
                    return Err(Refused::ask(
                        format!(
                            "Which input of {} should get it: {}?",
                            self.canvas.title(at),
                            self.canvas.inputs_of(at).join(", ")
                        ),
                        "input",
                        self.canvas.inputs_of(at).first().cloned(),
                    ));
                };
                Field { at, name }
            }
            None => {
                let fields = self.canvas.fields(&wanted);
                self.canvas.one_field(fields, self.context)?.ok_or_else(|| self.canvas.no_step(to))?
            }
        };
        if self.canvas.leads(field.at, source) || field.at == source {
            return Err(Refused::unsupported(format!(
                "{} comes before {}: a link back would go round in a circle.",
                self.canvas.title(field.at),
                self.canvas.title(source)
            )));
        }
        let Some(output) = self.canvas.gives(source) else {
            return Err(Refused::unsupported(format!(
                "{} gives nothing that could be used.",
                self.canvas.title(source)
            )));
        };
        let serving = self.canvas.serving();
        self.canvas.route((source, &output), field.at, &field.name);
        self.canvas.sweep(&serving)
    }
}
