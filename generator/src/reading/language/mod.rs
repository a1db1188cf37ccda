//! Tells whether a goal is in another language than English, by a vote of its small words and by its scripts.
//!
//! A goal that mixes is read as English, and so is one that nothing speaks against: refusing an English goal is worse than
//! misreading a foreign one. So names, quoted text, addresses and code have no vote.

mod columns;
mod poll;

use self::{
    columns::{ARABIC, CHINESE, Column, HINDI, JAPANESE, KOREAN, RUSSIAN, lines},
    poll::Poll,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Spanish,
    French,
    German,
    Portuguese,
    Italian,
    Turkish,
    Dutch,
    Polish,
    Indonesian,
    Chinese,
    Japanese,
    Korean,
    Russian,
    Hindi,
    Arabic,
    Other,
}

impl Language {
    const NAMED: [(&str, Self); 9] = [
        ("Spanish", Self::Spanish),
        ("French", Self::French),
        ("German", Self::German),
        ("Portuguese", Self::Portuguese),
        ("Italian", Self::Italian),
        ("Turkish", Self::Turkish),
        ("Dutch", Self::Dutch),
        ("Polish", Self::Polish),
        ("Indonesian", Self::Indonesian),
    ];

    /// Tells the person, in this language, that goals are read in English, and what to do.
    pub fn reads_english(self) -> &'static str {
        match self {
            Self::Spanish => {
                "Solo leo inglés. Escribe el objetivo en inglés o pide al operador un planificador con un modelo de lenguaje."
            }
            Self::French => {
                "Je ne lis que l'anglais. Écrivez l'objectif en anglais ou demandez à l'opérateur un planificateur doté d'un modèle de langage."
            }
            Self::German => {
                "Ich lese nur Englisch. Bitte schreiben Sie das Ziel auf Englisch oder bitten Sie den Betreiber um einen Planer mit Sprachmodell."
            }
            Self::Portuguese => {
                "Só leio inglês. Escreva o objetivo em inglês ou peça ao operador um planejador com um modelo de linguagem."
            }
            Self::Italian => {
                "Leggo solo l'inglese. Scrivi l'obiettivo in inglese oppure chiedi al gestore un pianificatore con un modello linguistico."
            }
            Self::Turkish => {
                "Yalnızca İngilizce (English) okuyorum. Lütfen hedefi İngilizce yazın veya işletmeciden dil modeli kullanan bir planlayıcı isteyin."
            }
            Self::Dutch => {
                "Ik lees alleen Engels. Schrijf het doel in het Engels of vraag de beheerder om een planner met een taalmodel."
            }
            Self::Polish => {
                "Czytam tylko po angielsku. Napisz cel po angielsku albo poproś operatora o planer z modelem językowym."
            }
            Self::Indonesian => {
                "Saya hanya membaca bahasa Inggris. Tulis tujuannya dalam bahasa Inggris, atau minta operator menyediakan perencana dengan model bahasa."
            }
            Self::Chinese => "我只能读懂英语。请用英语写出目标，或请运营者提供使用语言模型的规划器。",
            Self::Japanese => {
                "英語しか読めません。目標を英語で書くか、言語モデルを使うプランナーを運営者に依頼してください。"
            }
            Self::Korean => {
                "저는 영어만 읽을 수 있습니다. 목표를 영어로 작성하거나 운영자에게 언어 모델을 사용하는 플래너를 요청해 주세요."
            }
            Self::Russian => {
                "Я читаю только по-английски. Напишите цель на английском или попросите оператора подключить планировщик с языковой моделью."
            }
            Self::Hindi => "मैं केवल अंग्रेज़ी पढ़ता हूँ। कृपया लक्ष्य अंग्रेज़ी में लिखें या संचालक से भाषा मॉडल वाला प्लानर माँगें।",
            Self::Arabic => {
                "لا أقرأ إلا الإنجليزية. يرجى كتابة الهدف باللغة الإنجليزية أو طلب مخطِّط يستخدم نموذجًا لغويًا من المشغّل."
            }
            Self::Other => {
                "I read English only. Please write the goal in English, or ask the operator for a planner with a language model."
            }
        }
    }
}

/// The language of a goal that is not in English; `None` for English, for a mix, and if nothing tells.
pub fn foreign(text: &str) -> Option<Language> {
    let said = outside_quotes(text);
    let said = if said.contains(char::is_alphabetic) { said } else { text.to_owned() };
    let mut poll = Poll::of(!said.contains(char::is_lowercase));
    for line in said.lines() {
        poll.line(line);
    }
    poll.result().map(language)
}

fn language(column: Column) -> Language {
    match column {
        CHINESE => Language::Chinese,
        JAPANESE => Language::Japanese,
        KOREAN => Language::Korean,
        RUSSIAN => Language::Russian,
        HINDI => Language::Hindi,
        ARABIC => Language::Arabic,
        _ => {
            let name = lines().nth(column).map_or("", |(name, _)| name);
            Language::NAMED.iter().find(|(known, _)| *known == name).map_or(Language::Other, |(_, language)| *language)
        }
    }
}

/// The text without what stands in quotation marks or backticks.
fn outside_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // What has no end behind one place has none behind a later one.
    let mut endless: Vec<char> = Vec::new();
    let (mut rest, mut before) = (text, ' ');
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        let in_word = c == '\'' && before.is_alphanumeric();
        let opens = !in_word && !endless.contains(&c);
        let ends = closing(c).filter(|_| opens).map(|ends| after.find(ends));
        if ends == Some(None) {
            endless.push(c);
        }
        rest = match ends.flatten().and_then(|at| after.get(at..)) {
            Some(closed) => closed.get(closed.chars().next().map_or(0, char::len_utf8)..).unwrap_or_default(),
            None => {
                out.push(c);
                after
            }
        };
        before = c;
    }
    out
}

fn closing(open: char) -> Option<&'static [char]> {
    Some(match open {
        '"' => &['"'],
        '`' => &['`'],
        '\'' => &['\''],
        '“' => &['”'],
        '„' => &['“', '”'],
        '‘' => &['’'],
        '«' => &['»'],
        '「' => &['」'],
        '『' => &['』'],
        '《' => &['》'],
        _ => return None,
    })
}
