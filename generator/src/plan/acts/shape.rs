//! Sentences that say what a text is to be like: they belong to the prompt of the step that writes it.

use crate::{
    knowledge::Class,
    plan::{
        clauses::act::{self, Act, names},
        steps::{build::Builder, draft::slug},
        wording::media,
    },
    reading::{Determiner, Phrase, Role},
};

/// "The post *should have* three parts"
const STATES: [&str; 26] = [
    "be", "have", "contain", "include", "need", "use", "cover", "start", "end", "begin", "sound", "mention", "require",
    "focus", "stay", "follow", "remain", "read", "feel", "look", "consist", "refer", "avoid", "explain", "address",
    "keep",
];
/// "*Keep* it short", "*include* a call to action"
const SHAPES: &str = "include use keep avoid mention limit focus end start begin stick add highlight emphasise cite respect maintain write make";

/// What a text is made of.
const PARTS: &str = "tone style length title headline section paragraph format structure language sentence part introduction intro ending hook chapter tweet slide caption";

impl<'k, 'r> Builder<'k, 'r> {
    /// "Read the invoices in my mails, get vendor, amount and date, and append them to a sheet": a row for each mail.
    pub(in crate::plan) fn makes_rows(&self, act: &Act<'r>, data: &[usize]) -> bool {
        let mails = |at: &usize| {
            self.draft.data.get(*at).is_some_and(|datum| {
                let several = datum.flow.is_list() && !datum.single && !datum.made;
                several && datum.nouns.iter().any(|noun| noun.rsplit(' ').next() == Some("email"))
            })
        };
        let kept = |next: &Act<'_>| {
            self.is(next, Class::Store)
                && next.frame.objects.iter().all(|phrase| phrase.pronoun && phrase.head == "them")
        };
        // "Scrape job listings, filter them, and append them": one row for each.
        let [only] = act.frame.objects.as_slice() else {
            return self.makes_row_each(act, data, &mails, &kept);
        };
        let takes = self.known.usual_verb(&act.lemma()) == "extract" && only.plural && only.services.is_empty();
        let bare = takes && !only.pronoun && matches!(only.determiner, Determiner::None | Determiner::All);
        let picks = |act: &Act<'_>| {
            let them = act.frame.objects.iter().all(|phrase| phrase.pronoun && phrase.head == "them");
            them && matches!(act.plain_lemma(), "filter" | "keep" | "narrow" | "deduplicate" | "sort" | "rank")
        };
        let list = |at: &usize| self.draft.data.get(*at).is_some_and(|datum| datum.made && datum.flow.is_list());
        let picked = picks(act) && data.last().is_some_and(list);
        let mut next = self.next_acts(act).skip_while(|next| picks(next));
        (bare || picked) && next.next().is_some_and(|next| kept(&next))
    }

    fn makes_row_each(
        &self,
        act: &Act<'r>,
        data: &[usize],
        mails: &dyn Fn(&usize) -> bool,
        kept: &dyn Fn(&Act<'_>) -> bool,
    ) -> bool {
        let parts = act.frame.objects.len() > 1 && act.frame.objects.iter().all(|phrase| !phrase.plural);
        parts && data.iter().any(mails) && self.next_acts(act).next().is_some_and(|next| kept(&next))
    }

    /// Parts of each of several things: what the acts after it speak of.
    pub(in crate::plan) fn item_keys(&self, act: &Act<'r>, data: &[usize]) -> Vec<String> {
        // "Filter them": the same parts.
        let same =
            data.last().and_then(|at| self.draft.data.get(*at)).filter(|datum| datum.made && datum.flow.is_list());
        let them = !act.frame.objects.is_empty() && act.frame.objects.iter().all(|phrase| phrase.pronoun);
        if let Some(same) = same.filter(|datum| them && !datum.flow.fields.is_empty()) {
            return same.flow.fields.clone();
        }
        let mut keys = vec!["title".to_owned()];
        for next in self.next_acts(act).take(1) {
            keys.extend(
                next.frame
                    .arguments
                    .iter()
                    .filter(|argument| argument.preposition == "with")
                    .map(|argument| slug(&argument.phrase.head)),
            );
        }
        keys.retain(|key| !key.is_empty());
        if keys.len() == 1 {
            keys.push("text".to_owned());
        }
        keys.dedup();
        keys
    }

    /// What is said of a text that was just written, and that nothing took yet.
    pub(in crate::plan) fn shapes(&mut self, act: &Act<'r>) -> bool {
        let written = self.draft.data.iter().rfind(|datum| !self.draft.is_asked(datum.flow.step));
        let fresh = written.is_some_and(|datum| {
            datum.made
                && !datum.used
                && self.thinker.is_some_and(|thinker| (thinker..=thinker + 1).contains(&datum.flow.step))
                && datum.under == self.scope
        });
        let Some(thinker) = self.thinker.filter(|_| fresh && act.services().is_empty()) else { return false };
        let elsewhere = act.phrases().any(|phrase| {
            let lead = phrase.values.iter().any(|at| {
                use crate::reading::Value::{Amount, Duration, Number, Placeholder, Quoted};
                let value = self.reading.tokens.get(*at).and_then(crate::reading::Token::value);
                !matches!(value, None | Some(Number(_) | Quoted(_) | Amount(_) | Duration(_) | Placeholder(_)))
            });
            lead || names(phrase).iter().any(|name| media::is_medium(name))
        });
        // "write it into the sheet"
        let kept = |place: &Phrase| {
            names(place).iter().any(|name| self.known.source(name).is_some()) && !self.is_of_text(place)
        };
        let elsewhere = elsewhere || act.arguments(&["to", "into"]).any(|argument| kept(&argument.phrase));
        if elsewhere || self.channel(act).is_some() {
            return false;
        }
        let lemma = act.plain_lemma();
        let says = match &act.frame.subject {
            Some(subject) => STATES.contains(&lemma) && !act.frame.passive && self.is_of_text(subject),
            None => {
                let it = act.frame.objects.iter().any(|phrase| phrase.pronoun && phrase.head == "it");
                // "It should | be short"
                let led = act
                    .index
                    .checked_sub(1)
                    .and_then(|before| self.reading.clauses.get(before))
                    .is_some_and(|before| before.role == Role::LeadIn && before.sentence == act.clause.sentence);
                (SHAPES.split(' ').any(|shape| shape == lemma) || led && STATES.contains(&lemma))
                    && (it || !matches!(lemma, "write" | "make"))
                    && (lemma != "add" || act.places().iter().all(|place| place.pronoun || self.is_of_text(place)))
                    || self.is_said_again(act)
            }
        };
        let reads = act
            .phrases()
            .filter(|phrase| !matches!(phrase.head.as_str(), "page" | "line" | "end" | "top" | "minute"))
            .any(|phrase| !self.is_product(act, phrase) && self.refer(phrase).is_none() && self.fetchable(act, phrase));
        if !says || reads {
            return false;
        }
        let said = act.frame.subject.as_ref().map_or_else(|| act.instruction(), |_| act::sentence(act.text()));
        self.remark(thinker, &format!("{said}."));
        self.cover.add(&act.clause.span);
        true
    }

    /// "It", "the post", "each section", "the tone".
    fn is_of_text(&self, subject: &Phrase) -> bool {
        subject.pronoun && matches!(subject.head.as_str(), "it" | "they" | "this" | "that" | "each")
            || self.refer(subject).and_then(|at| self.draft.data.get(at)).is_some_and(|datum| datum.made)
            || PARTS.split(' ').any(|part| part == subject.head)
    }

    /// "Output a one-page letter" after the letter was written.
    fn is_said_again(&self, act: &Act<'r>) -> bool {
        let gives = matches!(act.plain_lemma(), "output" | "return" | "produce" | "deliver" | "give" | "show");
        let [object] = act.frame.objects.as_slice() else { return false };
        if gives && matches!(object.head.as_str(), "version" | "variant" | "result") {
            return true;
        }
        let last = |name: &str| name.rsplit(' ').next().unwrap_or_default().to_owned();
        gives
            && object.determiner == Determiner::Some
            && self.is_product(act, object)
            && self
                .draft
                .data
                .iter()
                .rfind(|datum| datum.made)
                .is_some_and(|datum| datum.nouns.iter().any(|noun| last(noun) == last(&object.head)))
    }
}
