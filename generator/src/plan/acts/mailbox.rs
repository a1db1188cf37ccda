//! Changes of mails where they lie: read, starred, archived, labelled. To Gmail each of them is a label.

use serde_json::json;

use crate::{
    catalogue::Block,
    knowledge::Class,
    plan::{
        clauses::{
            act::{Act, core, names},
            kinds::kinds,
        },
        model::{Binding, Reason},
        steps::{
            build::Builder,
            draft::{AskKind, Flow},
            fill::Fill,
            lost,
        },
        wording::english,
    },
    reading::{Argument, Phrase, Role, Span, Value},
};

impl<'k, 'r> Builder<'k, 'r> {
    /// "Mark them as read", "archive the mail", "label it Invoices".
    pub(in crate::plan) fn changes_mail(&mut self, act: &Act<'r>) -> bool {
        let other = |service: &&str| !matches!(*service, "Gmail" | "GitHub") && self.known.has_service(service);
        if act.clause.role != Role::Act || act.services().iter().any(other) {
            return false;
        }
        let words: Vec<&str> = act.clause.span.clone().filter_map(|at| self.reading.tokens.get(at)?.word()).collect();
        let known = self.known;
        let found = known.labels().iter().find(|change| {
            change.verbs.contains(act.plain_lemma())
                && (change.words.is_empty() || words.iter().any(|word| change.words.contains(*word)))
        });
        // "take the mails in my inbox": they are read, and stay there.
        let found = found.filter(|change| {
            act.plain_lemma() != "take" || change.label.as_deref() != Some("INBOX") || words.contains(&"out")
        });
        let Some((change, block)) = found.and_then(|change| Some((change, known.catalogue.by_name(&change.block)?)))
        else {
            return false;
        };
        let issue = change.label.is_none().then(|| self.issue_of(act)).flatten();
        let (entry, block, input) = match (issue, known.catalogue.by_name("GithubAddLabelBlock")) {
            (Some(issue), Some(block)) => (Some(issue), block, "label"),
            _ => (self.mail_of(act), block, "label_name"),
        };
        let new = change.label.is_none().then(|| self.new_issue(act)).flatten();
        let (block, input) = known
            .catalogue
            .by_name("GithubAddLabelBlock")
            .filter(|_| new.is_some())
            .map_or((block, input), |block| (block, "label"));
        let entry = entry.filter(|_| new.is_none());
        if entry.is_none() && new.is_none() {
            return false;
        }
        let single = entry.map(|mail| self.single(mail));
        // "archive newsletters", "label the invoices": not the other mails that were read.
        let kind = act.frame.objects.first().filter(|phrase| phrase.head == "newsletter").map(core);
        let kind = kind.or_else(|| self.kind_of_mail(act).map(|phrase| phrase.span.clone()));
        if let (Some(kind), Some(datum)) = (kind, single.and_then(|single| self.draft.data.get_mut(single)))
            && datum.nouns.first().is_none_or(|noun| !noun.ends_with("newsletter"))
        {
            datum.open.push(kind);
        }
        // "star everything from my boss": not the other mails that were read.
        let of = act.arguments(&["from", "about", "containing"]).map(|argument| argument.phrase.span.clone());
        let of: Vec<Span> =
            of.filter(|span| !self.covered(span)).map(|span| span.start.saturating_sub(1)..span.end).collect();
        if let Some(datum) = single.and_then(|single| self.draft.data.get_mut(single)) {
            datum.open.extend(of);
        }
        let fitting = single.map(|single| self.only_fitting(single));
        let label = match &change.label {
            Some(label) => Binding::Value(json!(label)),
            None => self.label_of(act, fitting),
        };
        let mut given = vec![(input.to_owned(), label)];
        given.extend(new.map(|issue| ("issue_url".to_owned(), issue.binding())));
        let says = act.instruction();
        let name = Some(english::shortened(&says, 60));
        let fill = Fill { act: Some(*act), item: fitting, given, says, name, ..Fill::default() };
        let step = self.apply(block, fill);
        self.record_receipt(step, act);
        // The name of a label says it in other words: UNREAD for "read".
        if change.label.is_some() {
            let says = |at: &usize| {
                self.reading
                    .tokens
                    .get(*at)
                    .and_then(|token| token.word())
                    .is_some_and(|word| change.words.contains(word))
            };
            let verb = act.frame.verb.iter().flat_map(|verb| verb.span.clone());
            let said: Vec<usize> = act.clause.span.clone().filter(says).chain(verb).collect();
            said.into_iter().for_each(|at| self.cover.close(&(at..at + 1)));
        }
        true
    }

    /// "label the invoices as Finance": mails, called by what they are.
    fn kind_of_mail(&self, act: &Act<'r>) -> Option<&'r Phrase> {
        let [phrase] = act.frame.objects.as_slice() else { return None };
        let names_it = act.arguments(&["as", "with", "under"]).next().is_some()
            || act.values().any(|(_, value)| matches!(value, Value::Quoted(_)));
        let label = |noun: &String| matches!(noun.as_str(), "label" | "folder" | "tag" | "category");
        let kind = phrase.plural
            && !phrase.pronoun
            && !phrase.head.is_empty()
            && phrase.services.is_empty()
            && phrase.values.is_empty()
            && !names(phrase).iter().any(label)
            && !self.of_mail(phrase)
            && !self.known.is_person(&phrase.head);
        let made = self
            .refer(phrase)
            .and_then(|at| self.draft.data.get(at))
            .is_some_and(|datum| datum.made || datum.service.as_deref() != Some("Gmail"));
        (kind && names_it && !made).then_some(phrase)
    }

    fn of_mail(&self, phrase: &Phrase) -> bool {
        let called = |noun: &String| matches!(noun.as_str(), "email" | "message" | "thread" | "newsletter" | "inbox");
        phrase.pronoun && !self.known.is_person(&phrase.head)
            || self.known.is_generic(&phrase.head)
            || names(phrase).iter().any(called)
    }

    /// "Create an issue from each mail. Add the label …": the issue that was made, unless a mail is spoken of.
    fn new_issue(&self, act: &Act<'_>) -> Option<Flow> {
        let mail = |phrase: &Phrase| names(phrase).iter().any(|noun| noun == "email" || noun == "message");
        let makes = |step: &usize| self.draft.block(*step).is_some_and(|block| block.name == "GithubMakeIssueBlock");
        let step = (0..self.draft.steps.len()).rev().find(makes).filter(|_| !act.phrases().any(mail))?;
        Some(self.draft.flow(step, "url"))
    }

    /// The issue or pull request that was opened or read last, if no mail was read after it.
    fn issue_of(&self, act: &Act<'_>) -> Option<usize> {
        let last = self
            .draft
            .data
            .iter()
            .rposition(|datum| !datum.made && !datum.receipt && datum.service.is_some() && self.is_there(datum))?;
        let datum = self.draft.data.get(last)?;
        let issue = datum.nouns.iter().any(|noun| noun.contains("issue") || noun.contains("pull request"));
        let alone = act.frame.objects.len() == 1;
        let label = |phrase: &Phrase| alone && names(phrase).iter().any(|noun| noun == "label");
        let object = act.frame.objects.first();
        let own = object.is_none_or(|phrase| phrase.pronoun || label(phrase) || self.refer(phrase).is_some());
        (datum.service.as_deref() == Some("GitHub") && issue && own).then_some(last)
    }

    /// The mails that the act is about: those that were read, else those that it names.
    fn mail_of(&mut self, act: &Act<'r>) -> Option<usize> {
        let named = |phrase: &Phrase| names(phrase).iter().any(|noun| matches!(noun.as_str(), "label" | "folder"));
        let told = act.frame.objects.first().is_none_or(|phrase| self.of_mail(phrase) || named(phrase))
            && act.arguments(&["to"]).all(|argument| self.of_mail(&argument.phrase) || named(&argument.phrase));
        let read = self.draft.data.iter().rposition(|datum| {
            datum.service.as_deref() == Some("Gmail") && !datum.made && !datum.receipt && self.is_there(datum)
        });
        if read.is_some() {
            // "Label it bug": the object of a label may be its name.
            let kind = self.kind_of_mail(act).is_some();
            return read.filter(|_| told || kind || act.frame.objects.iter().any(|phrase| self.of_mail(phrase)));
        }
        let named = act.frame.objects.iter().find(|phrase| !phrase.pronoun && self.of_mail(phrase))?;
        let source = self.source_of(act, named, &[])?;
        (source.block.name == "GmailReadBlock").then(|| self.read_with(source.block, act, named))
    }

    /// "the PDFs attached to my mails": only their words are read.
    pub(in crate::plan) fn leave_attachments(&mut self, act: &Act<'r>) {
        let token = |at: usize| self.reading.tokens.get(at).and_then(|token| token.word());
        let attached =
            act.clause.span.clone().find(|at| matches!(token(*at), Some("attached" | "attachment" | "attachments")));
        let with = attached.is_some_and(|at| {
            (1..3).any(|back| matches!(token(at.saturating_sub(back)), Some("with" | "has" | "have" | "without")))
        });
        let works = self.next_acts(act).take(2).any(|next| self.known.usual_verb(&next.lemma()) == "extract");
        let reads = works
            || self.known.usual_verb(&act.lemma()) == "extract"
            || matches!(act.plain_lemma(), "read" | "save" | "download");
        if let Some(at) = attached.filter(|_| !with && reads) {
            let text = self.text(&lost::around(self.reading, act.clause, at)).to_owned();
            self.leave(&text, Reason::NoBlock, "no block opens what is attached to a mail; only its words are read");
        }
    }

    /// "the customer's email": where somebody is written to.
    pub(in crate::plan) fn is_address(&self, phrase: &Phrase) -> bool {
        let words: Vec<&str> = phrase.modifiers.iter().map(String::as_str).chain(phrase.head.split(' ')).collect();
        let person = |whose: &str| self.known.is_person(whose.trim_end_matches("'s"));
        !phrase.plural && matches!(words.as_slice(), [.., whose, "email"] if person(whose))
    }

    /// Where the words end that say which mails: "the mails from Anna about the fair", "my inbox for invoices".
    pub(in crate::plan) fn mails_end(&self, act: &Act<'_>, block: &Block, phrase: &Phrase) -> usize {
        let mut end = phrase.span.end;
        if block.name != "GmailReadBlock" {
            return end;
        }
        let inbox = matches!(phrase.head.as_str(), "" | "inbox" | "mailbox");
        // "the invoices in PDF attached to emails labelled 'Invoices'": the tail of what stands beside it.
        let labelled = |span: &std::ops::Range<usize>| {
            span.clone().any(|at| {
                matches!(
                    self.reading.tokens.get(at).and_then(|token| token.word()),
                    Some("labelled" | "labeled" | "label")
                )
            })
        };
        let beside = act.frame.arguments.iter().filter(|argument| argument.phrase.span.start >= end);
        end = beside.filter_map(|argument| argument.phrase.tail.clone()).find(labelled).map_or(end, |tail| tail.end);
        let arguments = &act.frame.arguments;
        for argument in arguments.iter().filter(|argument| argument.phrase.span.start > phrase.span.start) {
            // "with the subject as the title": what becomes of a part of it.
            let becomes =
                |next: &Argument| next.preposition == "as" && next.phrase.span.start == argument.phrase.span.end + 1;
            if arguments.iter().any(becomes) {
                break;
            }
            let narrows = match argument.preposition.as_str() {
                "from" | "with" | "about" | "than" | "regarding" | "containing" => true,
                "for" => inbox && self.is(act, Class::Fetch),
                _ => false,
            };
            let own = argument.phrase.services.iter().all(|service| service == "Gmail");
            let elsewhere = !self.of_mail(&argument.phrase)
                && argument.preposition == "from"
                && self.source_of(act, &argument.phrase, &[]).is_some_and(|source| source.block.id != block.id);
            // "check my inbox each hour for …"
            let timed = |at: &usize| {
                self.reading.schedule.iter().flat_map(|schedule| &schedule.spans).any(|span| span.contains(at))
            };
            let between = (end..argument.phrase.span.start).filter(|at| !timed(at)).count();
            let next = between <= 2;
            if !next || elsewhere || !(narrows || own && !argument.phrase.services.is_empty()) {
                break;
            }
            end = argument.phrase.span.end;
        }
        end
    }

    /// The name of a label: as it is written, else what the mail was sorted as, else asked for.
    pub(in crate::plan) fn label_of(&mut self, act: &Act<'r>, entry: Option<usize>) -> Binding {
        let quoted = act.values().find_map(|(_, value)| match value {
            Value::Quoted(text) => Some(text.clone()),
            _ => None,
        });
        let called = |phrase: &&Phrase| !self.of_mail(phrase) && !phrase.pronoun && phrase.services.is_empty();
        let bare = |word: &str| matches!(word.to_lowercase().as_str(), "label" | "labels" | "folder" | "the" | "a");
        let written = act.phrases().filter(called).find_map(|phrase| {
            let text = self.text(&core(phrase));
            let name: Vec<&str> = text.split_whitespace().filter(|word| !bare(word)).collect();
            let said = text.split_whitespace().find(|word| !matches!(*word, "the" | "a"));
            // "the label stale"
            let named = said == Some("label") || name.iter().all(|word| word.starts_with(char::is_uppercase));
            (!name.is_empty() && named).then(|| name.join(" "))
        });
        // "label it critical", "label it as critical"
        let second = act.arguments(&["as"]).map(|argument| &argument.phrase).next().or(act.frame.objects.get(1));
        let second = second.filter(|phrase| phrase.values.is_empty());
        let second = second.map(|phrase| self.text(&core(phrase)).split_whitespace().filter(|word| !bare(word)));
        let second = second.map(|words| words.collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty());
        let raw = self.text(&act.clause.span).split_whitespace().skip(1);
        let service = |word: &str| self.known.vocabulary.service(word).is_some();
        let model = |word: &str| matches!(word.trim_end_matches(['.', ',']), "AI" | "LLM" | "GPT");
        let capital = raw.filter(|word| word.starts_with(char::is_uppercase) && !service(word) && !model(word));
        let capital = capital.collect::<Vec<_>>().join(" ");
        let capital = Some(capital.trim_end_matches(['.', ',']).to_owned()).filter(|name| !name.is_empty());
        if let Some(name) = quoted.or(written).or(second).or(capital) {
            return Binding::Value(json!(name));
        }
        let judged = self.judged.last().map(|(made, _)| *made);
        // "choose a label, and add that label"
        let called = |noun: &String| matches!(noun.as_str(), "label" | "tag" | "category");
        let chosen = || self.draft.data.iter().rposition(|datum| datum.made && datum.nouns.iter().any(called));
        // "label it with AI"
        let words: Vec<&str> = self.text(&act.clause.span).split_whitespace().collect();
        let by_model = words
            .windows(2)
            .any(|two| matches!(two, [with, what] if matches!(*with, "with" | "by" | "using" | "via") && model(what)));
        // "label it by topic"
        let by = act.arguments(&["by"]).map(|argument| &argument.phrase).find(|phrase| {
            !phrase.head.is_empty() && !self.known.is_person(&phrase.head) && phrase.services.is_empty()
        });
        if let (true, None, Some(entry)) = (by_model || by.is_some(), judged.or_else(chosen), entry) {
            let by =
                by.filter(|_| !by_model).map(|phrase| format!(" by {}", self.text(&phrase.span))).unwrap_or_default();
            let words = format!("Name the one label that fits this best{by}, and nothing else");
            let step = self.ask_model(act, &words, &[], &[entry], None);
            return self.draft.flow(step, "response").binding();
        }
        let Some(kind) = judged.or_else(chosen).and_then(|made| self.draft.data.get_mut(made)).map(|datum| {
            datum.used = true;
            datum.clone()
        }) else {
            return self.draft.ask("Label", "The label to give", AskKind::Text, None).binding();
        };
        let kinds = (0..act.index).rev().map(|before| kinds(self.reading, before)).find(|kinds| !kinds.is_empty());
        if let Some(kinds) = kinds {
            let words: Vec<String> = kinds.iter().map(|kind| kind.join(" ")).collect();
            self.remark(kind.flow.step, &format!("Use one of these words and no other: {}.", words.join(", ")));
        }
        let find = self.known.catalogue.by_name("FindInDictionaryBlock");
        let (Some(key), Some(block)) = (kind.flow.fields.first().cloned(), find) else { return kind.flow.binding() };
        let says = format!("Take the {} out of it", key.replace('_', " "));
        let step = self.step_of(block, &says, &[("key", json!(key))], &[("input", kind.flow)]);
        self.draft.flow(step, "output").binding()
    }
}
