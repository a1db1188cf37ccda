//! Films of a YouTube channel: its feed names them, and each has a transcript.

use serde_json::json;

use crate::{
    catalogue::Block,
    knowledge::Class,
    plan::{
        clauses::act::Act,
        model::Binding,
        steps::{build::Builder, draft::AskKind, fill::Fill},
    },
    reading::{Determiner, Phrase, Reading, Role},
};

const FEED: &str = "YouTube channel feed";
const WHERE: &str = "https://www.youtube.com/feeds/videos.xml?channel_id= and its id";

/// "Each new video of my channel": of which service is not said, and only one has such channels.
pub(in crate::plan) fn channels(reading: &mut Reading) {
    for frame in reading.clauses.iter_mut().filter_map(|clause| clause.frame.as_mut()) {
        let phrases = || {
            frame.subject.iter().chain(&frame.objects).chain(frame.arguments.iter().map(|argument| &argument.phrase))
        };
        let channel =
            |phrase: &Phrase| phrase.head == "channel" && phrase.services.is_empty() && phrase.values.is_empty();
        if !phrases().any(|phrase| phrase.head.ends_with("video")) || !phrases().any(channel) {
            continue;
        }
        let arguments = frame.arguments.iter_mut().map(|argument| &mut argument.phrase);
        let mut all = frame.subject.iter_mut().chain(&mut frame.objects).chain(arguments);
        if let Some(phrase) = all.find(|phrase| channel(phrase)) {
            phrase.services.push("YouTube".to_owned());
        }
    }
}

impl<'k, 'r> Builder<'k, 'r> {
    /// The videos of a channel, those to come among them.
    pub(in crate::plan) fn is_channel(&self, act: &Act<'_>, phrase: &Phrase) -> bool {
        let fresh = phrase.modifiers.iter().any(|word| matches!(word.as_str(), "new" | "latest" | "newest" | "recent"));
        // "when I publish a video"
        let fresh = fresh
            || act.clause.role == Role::Trigger
                && matches!(act.plain_lemma(), "publish" | "upload" | "post" | "release");
        let each = matches!(phrase.determiner, Determiner::Each | Determiner::All);
        let many = phrase.plural || each || act.clause.role == Role::Trigger || act.watches();
        let channel = |phrase: &Phrase| {
            phrase.head.split(' ').chain(phrase.modifiers.iter().map(String::as_str)).any(|word| word == "channel")
        };
        let reads = act.clause.role == Role::Trigger || self.is(act, Class::Fetch);
        // "on my channel": what a film is put on is not read.
        channel(phrase) && reads || phrase.head.ends_with("video") && many && (fresh || act.phrases().any(channel))
    }

    /// The address of the feed, which the person gives.
    pub(in crate::plan) fn channel_feed(&mut self, block: &Block, act: &Act<'r>) -> Option<Binding> {
        if block.name != "ReadRSSFeedBlock" {
            return None;
        }
        let of = |phrase: &&Phrase| {
            let feed = phrase.values.is_empty() && phrase.head.rsplit(' ').next() == Some("feed");
            feed || phrase.services.iter().any(|service| service == "YouTube")
        };
        let named = act.phrases().filter(of).find(|phrase| !phrase.services.is_empty())?;
        self.cover.close(&named.span);
        let text = self.text(&named.span);
        let (name, about) = match named.services.first()?.as_str() {
            "YouTube" => (FEED.to_owned(), format!("Of {text}: {WHERE}")),
            site => (format!("{site} feed"), format!("Address of {text}")),
        };
        Some(self.draft.ask(&name, &about, AskKind::Text, None).binding())
    }

    /// Reads the transcript of the video whose link the goal speaks of anywhere.
    pub(in crate::plan) fn read_film(&mut self) -> Option<usize> {
        let block = self.known.catalogue.by_name("TranscribeYoutubeVideoBlock")?;
        let acts = (0..self.reading.clauses.len()).filter_map(|at| Act::of(self.reading, at));
        let link = |phrase: &&Phrase| {
            let film = matches!(phrase.head.rsplit(' ').next(), Some("link" | "url" | "video" | "address"));
            film && !phrase.plural && phrase.services.iter().any(|service| service == "YouTube")
        };
        let (act, phrase) = acts
            .filter(|act| act.clause.role != Role::Title && self.channel(act).is_none())
            .find_map(|act| Some((act, act.phrases().find(link)?)))?;
        Some(self.read_with(block, &act, phrase))
    }

    pub(in crate::plan) fn reads_channel(&self) -> bool {
        self.draft.asks_for(FEED)
    }

    /// "Transcribe each one": each film that the feed names.
    pub(in crate::plan) fn transcribes(&mut self, act: &Act<'r>) -> bool {
        let only = act.frame.objects.iter().all(|phrase| {
            phrase.pronoun || matches!(phrase.head.as_str(), "one" | "each" | "video") && phrase.services.is_empty()
        });
        let said = Phrase { head: "transcript".to_owned(), span: act.clause.span.clone(), ..Phrase::default() };
        let made = act.plain_lemma() == "transcribe" && only && self.transcript_of(&said).is_some();
        self.done += usize::from(made);
        made
    }

    /// "Sum up the transcript": of each film that the feed names.
    pub(in crate::plan) fn transcript_of(&mut self, phrase: &Phrase) -> Option<usize> {
        let by = |name: &str| self.known.catalogue.by_name(name);
        let (find, transcribe) = (by("FindInDictionaryBlock")?, by("TranscribeYoutubeVideoBlock")?);
        let asks = self.reads_channel() && phrase.head == "transcript";
        let entry = self.draft.data.iter().rposition(|datum| {
            asks && !datum.made
                && self.draft.block(datum.flow.step).is_some_and(|block| block.name == "ReadRSSFeedBlock")
        })?;
        let entry = self.single(entry);
        let flow = self.take(entry)?;
        let link = self.step_of(find, "Take the link of the video", &[("key", json!("link"))], &[("input", flow)]);
        let given = vec![("youtube_url".to_owned(), self.draft.flow(link, "output").binding())];
        let fill = Fill { given, says: "Get the transcript of the video".to_owned(), ..Fill::default() };
        let step = self.apply(transcribe, fill);
        self.cover.add(&phrase.span);
        self.draft.gives(step, &["transcript".to_owned()], None)
    }
}
