//! The words that announce something to hide, and those that stand in the same places in ordinary sentences.

use super::Kind;

/// Words in lower case, separated by single spaces.
pub(super) struct Words(pub(super) &'static str);

impl Words {
    /// Whether `word` is one of them.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.each().any(|known| known == word)
    }

    /// The words one by one.
    pub(super) fn each(&self) -> impl Iterator<Item = &'static str> {
        self.0.split(' ')
    }
}

/// What a key says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A credential whatever it looks like.
    Secret,
    /// A credential of several words.
    Passphrase,
    /// A credential of several parts: an HTTP header.
    Header,
    /// A word that programs also use for harmless things (`token`, `signature`).
    Weak,
    /// `key`, which is nearly always harmless.
    Key,
    /// A scheme and its credential.
    Scheme,
    User,
    Host,
    Port,
    /// A database's name, hidden in connection strings alone.
    Database,
    /// A folder or a bucket.
    Place,
}

impl Role {
    /// What the value is shown as.
    pub(super) const fn kind(self) -> Kind {
        match self {
            Self::User => Kind::User,
            Self::Host => Kind::Host,
            Self::Port => Kind::Port,
            Self::Place => Kind::Path,
            Self::Secret | Self::Passphrase | Self::Header | Self::Weak | Self::Key | Self::Scheme | Self::Database => {
                Kind::Secret
            }
        }
    }
}

/// Keys without their separators, in lower case. `true`: any key that ends so; `false`: the last part alone.
/// The first that fits decides.
pub(super) const KEYS: &[(Role, bool, Words)] = &[
    (Role::Header, true, Words("authorization cookie xapikey")),
    (Role::Passphrase, true, Words("passphrase mnemonic")),
    (
        Role::Secret,
        true,
        Words(
            "password passwort passwd motdepasse senha wachtwoord passwrd pwd secret apikey secretkey accesskey accesskeyid \
         privatekey accountkey encryptionkey signingkey masterkey sharedkey authkey sshkey \
         licensekey sessionkey subscriptionkey clientsecret connectionstring jsessionid phpsessid",
        ),
    ),
    (Role::Weak, true, Words("sessionid token signature credential credentials")),
    (
        Role::Secret,
        false,
        Words("dsn kennwort parola haslo heslo salasana sifre jelszo passord adgangskode contrasena"),
    ),
    (Role::Weak, false, Words("pass passe sig auth otp nonce salt")),
    (Role::Key, false, Words("key")),
    (Role::Scheme, false, Words("bearer basic")),
    (Role::User, true, Words("username accountname")),
    (Role::User, false, Words("userid user uid login")),
    (Role::Host, true, Words("hostname hostaddr dbhost servername datasource bootstrapservers")),
    (Role::Host, false, Words("host server endpoint addr broker brokers nameserver")),
    (Role::Port, false, Words("port ports")),
    (Role::Database, true, Words("dbname")),
    (Role::Database, false, Words("database")),
    (Role::Place, false, Words("bucket cwd")),
];

/// The word for a password in languages whose letters are not all ASCII.
pub(super) const FOREIGN_PASSWORDS: Words =
    Words("пароль contraseña lösenord jelszó hasło şifre κωδικός סיסמה पासवर्ड パスワード 密码 密碼 口令 비밀번호");

/// Keys of two words.
pub(super) const TWO_WORD_KEYS: &[(&str, Role)] = &[
    ("api key", Role::Secret),
    ("access key", Role::Secret),
    ("secret key", Role::Secret),
    ("private key", Role::Secret),
    ("account key", Role::Secret),
    ("client secret", Role::Secret),
    ("access token", Role::Secret),
    ("auth token", Role::Secret),
    ("bearer token", Role::Secret),
    ("refresh token", Role::Secret),
    ("session token", Role::Secret),
    ("connection string", Role::Secret),
    ("user id", Role::User),
    ("user name", Role::User),
    ("data source", Role::Host),
    ("host name", Role::Host),
    ("initial catalog", Role::Database),
];

/// Words between a key and its value.
pub(super) const FILLERS: Words =
    Words("are called equals given is ist lautet named of provided received sent set supplied to used value was");

/// Schemes of the `Authorization` header.
pub(super) const SCHEMES: Words =
    Words("api-key apikey aws4-hmac-sha256 basic bearer digest hawk hmac key negotiate ntlm oauth sharedkey token");

/// Words in the place of a value that say something about the key: `password is required`.
pub(super) const NOT_VALUES: Words = Words(
    "yes a absent accepted access already also an and are at auth authentication authorization be been being blank \
     busy but by can cannot challenge changed check closed connection contains correct could credentials denied \
     deprecated did different disabled does down empty enabled error exceeded expected expired failed field for \
     forbidden format from given has have header if in incorrect input insufficient internal invalid is it its \
     key length longer malformed mandatory mismatch missing must needed needs no none not null of on only \
     optional or out overloaded please provided realm received refused rejected required requires reset revoked \
     sent set shorter should still string supplied that the then there this timed timeout to token too type \
     unable unauthorized unavailable undefined unexpected unknown unreachable unset unsupported unused up used \
     valid value wait was weak were when which while will with without wrong you your",
);

/// Words before `as` that say who someone is.
pub(super) const ACTING: Words =
    Words("acting authenticate authenticated connect connected log logged logging login run running sign signed");

/// Words behind `user` in sentences that name nobody.
pub(super) const NOT_USERS: Words = Words(
    "user users a about access account accounts action actions activity agent agents agreement already an and \
     another answer answers any approval are array as asked asks assistant at authentication authorization avatar \
     base be because before block blocks browser but by can canceled cancelled cannot change changes choice \
     clarification confirmation consent contact content context could country credentials data defined \
     description details developer device did directory does doesn due each email entered entry error errors \
     event events every expected experience facing false feedback field file files follows for found friendly \
     from function generated goal goals group groups guide had has have he headers her his history id identity \
     ids if in info information input inputs instruction instructions integer intent interaction interface \
     invalid is it its journey key language library license limit limits list locale located location login \
     lookup management manual many may me mention message messages might missing mode model must name names needs \
     never no node nodes none not note now null number object of on onboarding one only or our out output part \
     password payload permission permissions photo plan please pool possible preference preferences privileges \
     profile profiles prompt prompts property provided queries query question questions quota rate register \
     registration reply request requested requests required response responses review role roles root-level row \
     said segment selected session sessions setting settings should side space specified step steps store stories \
     story string such supplied support system table task tasks text than that the their them then there these \
     they this tier timezone title to token tokens tool traffic tried tries true turn type undefined unknown \
     upload usage usual variable variables via wait want wanted wants was we well were when where which while who \
     will wish wishes with without workflow would you your",
);

/// Verbs behind a user's name.
pub(super) const USER_VERBS: Words = Words(
    "already at cannot could denied do does exceeded failed from had has is lacks logged may must not on via was \
     with",
);

/// Words that a host follows whatever it looks like.
pub(super) const HOST_TRIGGERS: Words = Words(
    "eai_again econnrefused econnreset ehostunreach enetunreach enotfound etimedout gaierror lookup nslookup ping \
     resolve resolving unknownhostexception",
);

/// Words before `to` that a host follows.
pub(super) const TO_HOST: Words = Words(
    "bind bound connect connected connecting connection connections proxying reconnect reconnected reconnecting \
     resolve resolved route ssh telnet tunnel",
);

/// Things that may have a host's name behind them, in quotes or with a digit or hyphen in it.
pub(super) const AFTER_HOST: Words = Words(
    "address broker container domain endpoint gateway host hostname hosts machine nameserver peer pod proxy \
     replica server upstream vm",
);

/// What is said behind the name of a host that cannot be found.
pub(super) const HOST_FAILURES: &[&str] = &[
    "no such host",
    "name or service not known",
    "temporary failure in name resolution",
    "nodename nor servname",
    "unknown host",
    "host not found",
    "name does not resolve",
    "name resolution failed",
    "could not be resolved",
    "could not resolve",
    "cannot be resolved",
    "no address associated",
    "nxdomain",
    "servfail",
    "host unknown",
];

/// Words in the place of a host that are none.
pub(super) const NOT_HOSTS: Words = Words(
    "response configuration process log certificate code status message version session handler a address addresses agent ai all an and another any api app are at backend be because block blocks \
     both broker by cache call can cannot client client-side closed cluster conflict conflicts connect connection \
     could database dependencies dependency destination did dns down each endpoint error errors exception \
     expected external failed failure field five for found from function generator had has header host hosts id \
     import imports in information input internal is issue issues it its itself key known link \
     links llm machine model module multiple name names network no node nodes not of on \
     one only or other our out output path peer platform port provider proxy reference references refused remote \
     request resolution resource returned route schema server server-side servers service services several side \
     socket some source step steps storage symbol symbols system table target that the their them there these \
     this three time timed timeout to tool two type unknown unreachable up upstream url user value variable was \
     we webhook when which while will with without you your",
);

/// Words before a colon and a number that are no hosts: `line:1042`.
pub(super) const NOT_LABELS: Words = Words(
    "age at attempt attempts batch budget byte bytes chapter char character chars code col column columns \
     content-length context cost count delay depth duration elapsed end errno error errors exit expected from got \
     height http http-status id index input iso items iteration latency left len length length-limit level limit \
     line lines links max max-tokens maximum message messages min minimum ms node nodes number of offset output \
     page pages pos position priority prompt quota rate ratio remaining request requested requests reset result \
     retries retry retry-after rfc row rows rpd rpm score seconds seed seq size start status step steps time \
     timeout timestamp to token tokens total tpd tpm ttl type usage used value verse version width words x y year \
     z",
);
