//! A person looks at something before it goes on.

use serde_json::json;

use super::Edit;
use crate::{
    patcher::{
        canvas::{Link, words::words},
        find::{Among, Wanted, outer},
        refused::Refused,
        wish::{Place, asks_other},
    },
    plan::model::{Binding, Input, Step},
};

/// How people say that they agree.
const AGREES: [&str; 12] = [
    "approve",
    "approved",
    "confirm",
    "confirmed",
    "okay",
    "ok",
    "okayed",
    "agree",
    "agreed",
    "accept",
    "accepted",
    "checked",
];

/// "I have approved it", "my okay": whether a clause speaks of the person's own consent.
pub(super) fn is_consent(text: &str) -> bool {
    let lower = text.to_lowercase().replace("'ve", " have").replace("’ve", " have");
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    match words.as_slice() {
        ["i", rest @ ..] => {
            rest.iter().take(3).any(|word| AGREES.contains(word))
                || rest.starts_with(&["say", "yes"])
                || rest.starts_with(&["said", "yes"])
                || rest.starts_with(&["sign", "off"])
        }
        ["my", "approval" | "okay" | "ok" | "consent" | "confirmation" | "go"] => true,
        _ => false,
    }
}

/// "anything gets sent": whatever goes out.
fn is_any(of: &str) -> bool {
    let lower = of.to_lowercase();
    let mut words = lower.split_whitespace().peekable();
    let heap = |word: &&str| {
        matches!(
            *word,
            "anything"
                | "everything"
                | "something"
                | "it"
                | "they"
                | "this"
                | "anybody"
                | "anyone"
                | "somebody"
                | "someone"
                | "everybody"
                | "everyone"
                | "others"
                | "people"
        )
    };
    lower.split_whitespace().any(|word| heap(&word))
        && words.all(|word| {
            heap(&word)
                || matches!(
                    word,
                    "gets"
                        | "is"
                        | "goes"
                        | "out"
                        | "being"
                        | "been"
                        | "has"
                        | "sent"
                        | "posted"
                        | "published"
                        | "sending"
                        | "posting"
                        | "publishing"
                        | "send"
                        | "post"
                        | "you"
                        | "it"
                        | "leaves"
                        | "mailed"
                        | "live"
                        | "public"
                        | "else"
                        | "the"
                        | "all"
                        | "other"
                        | "get"
                        | "receive"
                        | "receives"
                        | "see"
                        | "sees"
                        | "read"
                        | "reads"
                )
        })
}

/// Where an approval stands: the links that go through it.
struct Desk {
    link: Link,
    /// All that is made of the same goes through it too.
    all: bool,
}

impl Edit<'_, '_> {
    /// A step that decides about what goes out, or about what the wish says.
    pub(super) fn approval(&mut self) -> Result<(), Refused> {
        self.approve(None)
    }

    /// The order waits for the person's consent.
    pub(super) fn approve_order(&mut self, text: &str) -> Result<(), Refused> {
        let sends = self.sends(text);
        let named = self.governed(text)?.filter(|at| !sends || self.canvas.delivers(*at));
        let before = named.or_else(|| self.first_delivery());
        let Some(before) = before else { return Err(self.lost(&self.operation.said.clone())) };
        let desk = self.desk_before(before, None)?;
        // "don't post to Discord without my ok": what else goes out does not wait for it.
        let desk = Desk { all: desk.all && named.is_none(), ..desk };
        let desk = self.named_desk(desk, text);
        self.approve_at(&desk)
    }

    pub(super) fn approve(&mut self, what: Option<&str>) -> Result<(), Refused> {
        // An approval that is there already goes to the place.
        let there: Vec<usize> = self
            .canvas
            .working()
            .into_iter()
            .filter(|at| self.canvas.is(*at, |block| block.name == "HumanInTheLoopBlock"))
            .collect();
        if let ([at], Some(place @ (Place::Before(_) | Place::After(_))), false) =
            (there.as_slice(), self.operation.place.clone(), self.operation.also)
        {
            // "before it goes out": where it stands already.
            let out = ["it ", "they ", "anything "].iter();
            let out = matches!(&place, Place::Before(of) if out.into_iter().any(|it| of.starts_with(it)));
            let mut sends = self.canvas.working().into_iter().filter(|to| self.canvas.delivers(*to)).peekable();
            if out && sends.peek().is_some() && sends.all(|to| self.canvas.leads(*at, to)) {
                let title = self.canvas.title(*at);
                return Err(Refused::unsupported(format!("{title} comes before anything goes out already.")));
            }
            return self.reorder_to(*at, &place);
        }
        let desk = self.named_desk(self.desk(what)?, what.unwrap_or_default());
        self.approve_at(&desk)
    }

    /// "approve the label", "don't add a label without asking me": what goes in there by this name, not what it is put on.
    fn named_desk(&self, mut desk: Desk, what: &str) -> Desk {
        let said = Wanted::of(self.canvas.known, what).words;
        let named = |link: &Link| words(self.canvas.known, outer(&link.input)).iter().any(|word| said.contains(word));
        let other = self
            .canvas
            .links_into(desk.link.to)
            .filter(|link| !self.canvas.is_door(link.from))
            .find(|link| named(link));
        if let Some(link) = other.filter(|_| !named(&desk.link)) {
            desk.link = link;
        }
        desk
    }

    /// "each reminder": what sends it, where another step writes it.
    pub(super) fn going_to(&self, of: &str) -> Result<Option<usize>, Refused> {
        let several = match self.placed(of) {
            Err(several @ Refused::Open(_)) => several,
            found => return found,
        };
        let mut best = self.canvas.best(&Wanted::of(self.canvas.known, of), Among::Working);
        best.retain(|at| self.canvas.delivers(*at));
        match best.as_slice() {
            [only] => Ok(Some(*only)),
            _ => Err(several),
        }
    }

    /// "don't ask me any more": the approval goes. What else is asked for needs a value.
    pub(super) fn unasked(&mut self) -> Result<(), Refused> {
        let mut desks = self.canvas.working();
        desks.retain(|at| self.canvas.is(*at, |block| block.name == "HumanInTheLoopBlock"));
        if asks_other(&self.operation.said) {
            return Err(Refused::unserved(
                "No available block asks another person: an approval asks whoever runs the agent.".to_owned(),
            ));
        }
        match self.canvas.one_of(desks, self.context)? {
            Some(at) => self.remove_step(at),
            None => Err(Refused::ask(
                "What should be used instead of what the agent asks for?".to_owned(),
                "value",
                Some("The city is always Berlin".to_owned()),
            )),
        }
    }

    /// "log the rejected answers": what the person who looks has turned down, not what goes on.
    pub(super) fn not_approved(&mut self, text: &str) -> Option<Result<(), Refused>> {
        let words: Vec<&str> = text.split(' ').collect();
        let turned = |word: &str| matches!(word, "rejected" | "declined" | "disapproved" | "refused" | "unapproved");
        let at = words.iter().position(|word| turned(&word.to_lowercase()))?;
        let mut desks = self.canvas.working();
        desks.retain(|at| self.canvas.is(*at, |block| block.name == "HumanInTheLoopBlock"));
        let [desk] = *desks.as_slice() else { return None };
        let the = at
            .checked_sub(1)
            .filter(|the| words.get(*the).is_some_and(|word| matches!(*word, "the" | "all" | "any" | "every")));
        // "about rejected applications", "the declined loan posts": others have decided about other things.
        let noun = Wanted::of(self.canvas.known, words.get(at + 1)?).words;
        let decided = self.canvas.links_into(desk).filter(|link| !self.canvas.is_door(link.from));
        let decided = decided.map(|link| self.canvas.title(link.from)).collect::<Vec<_>>().join(" ");
        let decided = self::words(self.canvas.known, &decided);
        let own = noun.iter().any(|noun| decided.contains(noun))
            || matches!(words.get(at + 1), Some(&"ones" | &"one" | &"drafts" | &"draft"));
        if the.unwrap_or(at) != 1 || !own {
            return None;
        }
        let (before, after) = (words.get(..the.unwrap_or(at))?.join(" "), words.get(at + 2..)?.join(" "));
        let order = format!("{before} it {after}");
        let list = self.upto(desk, true);
        let fresh = match self.plan(order.trim(), list) {
            Ok(fresh) => fresh,
            Err(refused) => return Some(Err(refused)),
        };
        let links: Vec<Link> = fresh.clone().flat_map(|at| self.canvas.links_into(at).collect::<Vec<_>>()).collect();
        let links = links.into_iter().filter(|link| link.from == desk && link.output == "approved_data");
        for link in links.collect::<Vec<_>>() {
            self.canvas.bind(link.to, &link.input, Binding::From { step: desk, output: "rejected_data".to_owned() });
        }
        if !fresh.clone().any(|at| self.canvas.links_into(at).any(|link| link.output == "rejected_data")) {
            return Some(Err(self.lost(text)));
        }
        Some(self.settle(fresh.start, None))
    }

    pub(super) fn first_delivery(&self) -> Option<usize> {
        self.canvas.working().into_iter().find(|at| self.canvas.delivers(*at))
    }

    /// What goes out anew of a text that a person approves waits for the approval as well.
    pub(super) fn behind_approval(&mut self, from: usize) {
        if matches!(self.operation.place, Some(Place::Before(_) | Place::First | Place::Start | Place::Between(..))) {
            return;
        }
        let decides = |at: &usize| self.canvas.is(*at, |block| block.name == "HumanInTheLoopBlock");
        let desks: Vec<Link> = (0..from)
            .filter(decides)
            .filter_map(|at| self.canvas.links_into(at).find(|link| link.input == "data"))
            .collect();
        if desks.is_empty() {
            return;
        }
        let sending = (from..self.canvas.steps.len()).filter(|at| self.canvas.delivers(*at)).collect();
        let sends = self.canvas.upstream_of(sending);
        for desk in desks {
            let own = self.canvas.upstream(desk.to);
            let goes_out = |link: &Link| {
                link.to >= from
                    && link.output == desk.output
                    && sends.get(link.to) == Some(&true)
                    && own.get(link.to) != Some(&true)
            };
            let held: Vec<Link> = self.canvas.links_out(desk.from).into_iter().filter(goes_out).collect();
            for link in held {
                let approved = Binding::From { step: desk.to, output: "approved_data".to_owned() };
                self.canvas.bind(link.to, &link.input, approved);
            }
        }
    }

    fn desk(&self, what: Option<&str>) -> Result<Desk, Refused> {
        let named = match what {
            Some(what) if matches!(what.to_lowercase().as_str(), "everything" | "anything" | "all") => None,
            Some(what) => self.looked_at(what)?,
            None => None,
        };
        let (before, from) = match &self.operation.place {
            Some(Place::Before(of)) if is_any(of) => (self.first_delivery(), named),
            Some(Place::Before(of)) => (self.going_to(of)?.or_else(|| self.first_delivery()), named),
            Some(Place::After(of)) => {
                let after = self.placed(of)?;
                (after.and_then(|after| self.first_taker(after)), after)
            }
            Some(Place::Between(one, of)) => (self.placed(of)?, self.placed(one)?),
            _ => match named {
                Some(at) if self.canvas.delivers(at) => (Some(at), None),
                Some(at) => (self.first_taker(at), Some(at)),
                // Several that send the same: one approval for all.
                None => (self.first_delivery(), None),
            },
        };
        let Some(before) = before else { return Err(self.lost(&self.operation.said.clone())) };
        let desk = self.desk_before(before, from)?;
        // "approve the tweet": what else goes out does not wait for it.
        let one = named.is_some_and(|at| self.canvas.delivers(at));
        Ok(Desk { all: desk.all && !one, ..desk })
    }

    /// The step that makes, or takes out, what a person wants to look at.
    fn looked_at(&self, what: &str) -> Result<Option<usize>, Refused> {
        let wanted = Wanted::of(self.canvas.known, what);
        if wanted.is_agent() {
            return Ok(None);
        }
        let best = self.canvas.best(&wanted, Among::Working);
        let plain: Vec<usize> = best.into_iter().filter(|at| !self.canvas.is_helper(*at)).collect();
        let delivering: Vec<usize> = plain.iter().copied().filter(|at| self.canvas.delivers(*at)).collect();
        if self.operation.place.is_some() && plain.len() != 1 {
            return Ok(None);
        }
        self.canvas.one_of(if delivering.is_empty() { plain } else { delivering }, self.context)
    }

    /// The first step that works on what another gives.
    pub(super) fn first_taker(&self, from: usize) -> Option<usize> {
        self.canvas.working().into_iter().find(|at| {
            self.canvas.links_into(*at).any(|link| link.from == from && link.output != crate::catalogue::ERROR_OUTPUT)
        })
    }

    fn desk_before(&self, before: usize, from: Option<usize>) -> Result<Desk, Refused> {
        let named = self.canvas.links_into(before).find(|link| Some(link.from) == from);
        let Some(link) = named.or_else(|| self.canvas.main_link(before)) else {
            return Err(Refused::unsupported(format!(
                "{} sends a fixed text: there is nothing to approve.",
                self.canvas.title(before)
            )));
        };
        let all = match &self.operation.place {
            Some(Place::Before(of)) => is_any(of),
            place => !matches!(place, Some(Place::Between(..))),
        };
        Ok(Desk { link, all })
    }

    fn approve_at(&mut self, desk: &Desk) -> Result<(), Refused> {
        let Some(block) = self.canvas.known.catalogue.by_name("HumanInTheLoopBlock") else {
            return Err(Refused::unserved("No available block waits for a person.".to_owned()));
        };
        let link = &desk.link;
        let at = self.canvas.steps.len();
        self.canvas.add(vec![Step {
            block: block.id.clone(),
            title: "Wait for approval".to_owned(),
            says: String::new(),
            inputs: vec![
                Input {
                    name: "data".to_owned(),
                    binding: Binding::From { step: link.from, output: link.output.clone() },
                },
                Input {
                    name: "name".to_owned(),
                    binding: Binding::Value(json!("Please check this before it goes on")),
                },
            ],
        }]);
        let through = |other: &Link| {
            other.output == link.output
                && other.to != at
                && (other.to == link.to || desk.all && self.canvas.delivers(other.to))
        };
        let followers: Vec<Link> = self.canvas.links_out(link.from).into_iter().filter(through).collect();
        for other in followers {
            self.canvas.bind(other.to, &other.input, Binding::From { step: at, output: "approved_data".to_owned() });
        }
        Ok(())
    }
}
