//! The words and names that announce something to hide, and those that stand in the same places in ordinary sentences.

use crate::kind::Kind;

/// Words in lower case, separated by single spaces.
pub(crate) struct Words(pub(crate) &'static str);

impl Words {
    /// Whether `word` is one of them.
    pub(crate) fn contains(&self, word: &str) -> bool {
        self.each().any(|known| known == word)
    }

    /// The words one by one.
    pub(crate) fn each(&self) -> impl Iterator<Item = &'static str> {
        self.0.split(' ')
    }
}

/// Lists of words in lower case, separated by single spaces.
macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident = $words:literal;)*) => {
        $($(#[$doc])* pub(crate) const $name: Words = Words($words);)*
    };
}
/// What a key says about its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A credential whatever it looks like.
    Secret,
    /// A credential of several words.
    Passphrase,
    /// A credential of several parts: an HTTP header.
    Header,
    /// A number that only its owner knows.
    Code,
    /// A word that programs also use for harmless things (`signature`).
    Weak,
    /// Likewise, with a value of one word behind a colon.
    Token,
    /// `key`, which is nearly always harmless.
    Key,
    /// A scheme and its credential.
    Scheme,
    User,
    Host,
    Port,
    Database,
    /// A folder or a bucket.
    Place,
}

impl Role {
    /// What the value is shown as.
    pub(crate) const fn kind(self) -> Kind {
        match self {
            Self::User => Kind::USER,
            Self::Host => Kind::HOST,
            Self::Port => Kind::PORT,
            Self::Place => Kind::PATH,
            _ => Kind::SECRET,
        }
    }
}

/// Keys without their separators, in lower case. `true`: any key that ends so, or two words that are one of them;
/// `false`: the last part alone. The first that fits decides.
pub(crate) const KEYS: &[(Role, bool, Words)] = &[
    (Role::Header, true, Words("authorization cookie xapikey")),
    (Role::Passphrase, true, Words("passphrase mnemonic")),
    (Role::Secret, true, SECRETS),
    (Role::Code, true, Words("passcode verificationcode securitycode accesscode")),
    (Role::Code, false, Words("pin otp cvv cvc tan")),
    (Role::Weak, true, Words("sessionid signature keyid")),
    (Role::Token, true, Words("token credential credentials")),
    (Role::Secret, false, WEAKER_SECRETS),
    (Role::Weak, false, Words("pass passe sig auth nonce salt kid")),
    (Role::Key, false, Words("key")),
    (Role::Scheme, false, Words("bearer basic")),
    (Role::User, true, Words("username accountname userid")),
    (Role::User, false, Words("user uid login")),
    (Role::Host, true, Words("hostname hostaddr dbhost servername datasource bootstrapservers")),
    (Role::Host, false, Words("host server endpoint addr broker brokers nameserver")),
    (Role::Port, false, Words("port ports")),
    (Role::Database, true, Words("dbname initialcatalog")),
    (Role::Database, false, Words("database keyspace tablespace")),
    (Role::Place, false, Words("bucket cwd")),
];

/// What is said behind the name of a host that cannot be found.
#[rustfmt::skip]
pub(crate) const HOST_FAILURES: &[&str] = &[
    "no such host", "name or service not known", "temporary failure in name", "nodename nor servname", "unknown host",
    "host not found", "name does not resolve", "name resolution failed", "could not be resolved", "could not resolve",
    "cannot be resolved", "no address associated", "nxdomain", "servfail", "host unknown",
];

/// What is said behind a host that does not answer.
#[rustfmt::skip]
pub(crate) const HOST_SILENT: &[&str] = &[
    "failed", "refused", "timed", "closed", "was refused", "was closed", "was reset", "has failed", "on port", "port",
    "unreachable", "not found", "is down", "is unreachable", "is not reachable", "did not",
];

lists! {
    /// Keys of credentials.
    SECRETS = "password passwort passwd motdepasse senha wachtwoord passwrd pwd secret apikey secretkey accesskey \
     accesskeyid privatekey accountkey encryptionkey signingkey masterkey sharedkey authkey sshkey licensekey \
     sessionkey subscriptionkey clientsecret connectionstring jsessionid phpsessid accesstoken authtoken bearertoken \
     refreshtoken sessiontoken";
    WEAKER_SECRETS = "dsn kennwort parola haslo heslo salasana sifre jelszo passord adgangskode contrasena";
    /// The word for a password in languages whose letters are not all ASCII.
    FOREIGN_PASSWORDS = "пароль contraseña lösenord jelszó hasło şifre κωδικός סיסמה पासवर्ड パスワード 密码 密碼 口令 비밀번호";
    /// Words between a key and its value.
    FILLERS = "are called equals given is ist lautet named of provided received sent set supplied to used value was";
    /// Words before a comma behind which a value may follow: `the password you sent, …, is wrong`.
    GIVING = "entered gave given have passed presented provided received sent submitted supplied tried typed use used";
    /// Schemes of the `Authorization` header.
    SCHEMES = "api-key apikey aws4-hmac-sha256 basic bearer digest hawk hmac key negotiate ntlm oauth sharedkey token";
    /// Words before `token: …` in what a parser says.
    PARSING = "bad end expected first illegal last next special start stop unexpected unknown unrecognized";
    /// Words of sentences, which are neither a value, nor a user, nor a host: `password is required`.
    PROSE = "a absent accepted access again agent already also an and another any are at auth authentication \
     authorization be because been being blank block blocks busy but by can cannot challenge changed check closed \
     connection contains correct could credentials denied deprecated did different disabled does down each empty \
     enabled error errors exceeded expected expired failed field for forbidden format found from function given had \
     has have header however id if in incorrect information input insufficient internal invalid is it its key length \
     longer malformed mandatory message mismatch missing model must name names needed needs no node nodes none not \
     null of on one only optional or our out output overloaded please provided realm received refused rejected request \
     required requires reset response revoked see sent session set shorter should side step steps still string \
     supplied system table that the their them then there these this though timed timeout to token too tool type \
     unable unauthorized unavailable undefined unexpected unknown unreachable unset unsupported unused up used user \
     valid value variable wait was we weak were when which while will with without wrong yes you your";
    /// Words before `as` that say who someone is.
    ACTING = "acting authenticate authenticated connect connected log logged logging login run running sign signed";
    /// What belongs to somebody: `home of alice`.
    BELONGINGS = "account calendar desktop directory drive folder home homedir inbox mailbox owned passphrase \
     password profile quota session workspace";
    /// Whom a name follows, in quotes or with a digit or sign in it.
    PEOPLE = "account admin administrator author customer employee grantee login member operator owner principal role";
    /// Further words behind `user` in sentences that name nobody.
    NOT_USERS = "about account accounts action actions activity agents agreement answer answers approval array as \
     asked asks assistant avatar base before browser canceled cancelled change changes choice clarification \
     confirmation consent contact content context country data defined description details developer device directory \
     doesn due email entered entry event events every experience facing false feedback file files follows friendly \
     generated goal goals group groups guide he headers her his history identity ids info inputs instruction \
     instructions integer intent interaction interface journey language library license limit limits list locale \
     located location login lookup management manual many may me mention messages might mode never note now number \
     object onboarding part password payload permission permissions photo plan pool possible preference preferences \
     privileges profile profiles prompt prompts property queries query question questions quota rate register \
     registration reply requested requests responses review role roles root-level row said segment selected sessions \
     setting settings space specified store stories story such support task tasks text than they tier timezone title \
     tokens traffic tried tries true turn upload usage users usual variables via want wanted wants well where who wish \
     wishes workflow would";
    /// Verbs behind a user's name.
    USER_VERBS = "already at cannot could denied do does exceeded failed from had has is lacks logged may must not on \
     via was with";
    /// Words that a host follows whatever it looks like.
    HOST_TRIGGERS = "eai_again econnrefused econnreset ehostunreach enetunreach enotfound etimedout gaierror lookup \
     nslookup ping resolve resolving unknownhostexception";
    /// Words before `to` that a host follows.
    TO_HOST = "bind bound connect connected connecting connection connections proxying reconnect reconnected \
     reconnecting resolve resolved route ssh telnet tunnel";
    /// Words before `at` or `on` that a host follows.
    AT_HOST = "server host service listening running hosted";
    /// Things that may have a host's name behind them, in quotes or with a digit or hyphen in it.
    AFTER_HOST = "address broker container domain endpoint gateway host hostname hosts machine nameserver peer pod \
     proxy replica server upstream vm";
    /// Further words in the place of a host.
    NOT_HOSTS = "address addresses ai all api app backend both broker cache call certificate client client-side \
     cluster code configuration conflict conflicts connect database dependencies dependency destination dns endpoint \
     exception external failure five generator handler host hosts import imports issue issues itself known link links \
     llm log machine module multiple network other path peer platform port process provider proxy reference references \
     remote resolution resource returned route schema server server-side servers service services several socket some \
     source status storage symbol symbols target three time two upstream url version webhook";
    /// Words before a colon and a number that are no hosts: `line:1042`.
    NOT_LABELS = "age at attempt attempts batch budget byte bytes chapter char character chars code col column \
     columns content-length context cost count delay depth duration elapsed end errno error errors exit expected from \
     got height http http-status id index input iso items iteration latency left len length length-limit level limit \
     line lines links max max-tokens maximum message messages min minimum ms node nodes number of offset output page \
     pages pos position priority prompt quota rate ratio remaining request requested requests reset result retries \
     retry retry-after rfc row rows rpd rpm score seconds seed seq size start status step steps time timeout \
     timestamp to token tokens total tpd tpm ttl type usage used value verse version width words x y year z";
    /// How the keys of well-known issuers begin, as written: with three characters or more behind it.
    SHORT_KEYS = "sk- sk_live_ sk_test_ pk_live_ pk_test_ rk_live_ rk_test_ xoxa- xoxb- xoxp- xoxr- xoxs- xoxe- xapp- \
     ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- AGE-SECRET-KEY- whsec_ ya29. GOCSPX-";
    /// Likewise, with eight.
    KEYS_OF_EIGHT = "glsa_ AKIA ASIA eyJ tvly- pplx- dop_v1_ shpat_ shpss_ lin_api_ dckr_pat_ \
     sntrys_ sntryu_ rubygems_ figd_ v2.local. v4.public. hvs. hvb. nvapi- csk- pcsk_ lsv2_ AIza hf_ gsk_ xai- r8_ SG. \
     ntn_ ATATT";
    /// Likewise, with sixteen.
    LONG_KEYS = "AGPA AIDA AROA ANPA ABIA ACCA jina_ sk_ npm_ pypi- secret_ key- EAAC pat- cmk_ tfp_ fw_ dapi";
    /// How the identifiers of machines, networks and volumes begin in clouds.
    RESOURCES = "acl ami aki cgw db dopt eipalloc eipassoc eni fl fs fsap i igw lt nat pcx pl r rtb rtbassoc sg sgr \
     snap subnet svc tgw vgw vol vpc vpce vpn";
    /// Top-level domains and the endings of internal networks that do not look like a field's name.
    HOST_ENDINGS = "academy ad agency ai amazon ar arpa aws azure biz blog br ca cc ch cl cloud club cluster cn co \
     com company consul corp cz dc de dev digital dk docker domain edu eu fi fm fr gg google gov gr hk hu ie int \
     internal intra intranet invalid io jp k8s kr lan local localdomain localhost localnet ly mesh mil mx net network \
     nl nomad nz onion online org priv private pro prod pt rancher ro ru se sg shop site sk software solutions space \
     store su svc systems tech tr tv tw ua uk vc vpn website xyz za";
    /// Endings that are also names of fields and methods: a host only with a label more, a port, a path or a hyphen.
    WORD_ENDINGS = "al am api app as at be by chat codes cs data db do email energy example go group home host hs id \
     im in info is it js la link live market md me media ml mm ms my name news no page pl pm ps py rb report rs run sc \
     search service services sh so st team test to tools ts us web works world zone";
    /// Where the path to a field begins.
    FIELDS = "agent agents api app args argument array asyncio block blocks body client config console context custom \
     customer data detail details df document e.g entry err error errors event events exports field fields file files \
     form function global graph headers i.e input inputs instructions int invoice item items json key link links list \
     match math message messages meta metadata model module node nodes np object op operation options order os output \
     outputs params parent path payload pd process product properties property props query re record req request res \
     response result results root row schema self session settings sink source spec state step steps str string sys \
     table task this time tool tools trigger user users value values variable window workflow";
    /// Names with a dot that are neither host nor file.
    HOST_EXCEPTIONS = "a.m ado.net asp.net e.g e.v i.e ml.net next.js node.js p.m socket.io u.s vb.net vue.js z.b";
    /// Labels in the middle of a name that only a host has.
    INNER_LABELS = "internal local corp lan intranet svc";
    /// Services that are often a host's whole name, in clusters and compose files.
    SERVICES = "api app backend broker cache cassandra clamav clickhouse consul database db elasticsearch envoy etcd \
     executor frontend gateway generator grafana haproxy host jaeger kafka kong ldap localstack mailhog mariadb \
     memcached milvus minio mongo mongodb mysql nats nginx ollama opensearch pg postgres postgresql prometheus proxy \
     qdrant queue rabbit rabbitmq redis scheduler server smtp supabase traefik vault weaviate web worker zookeeper";
    /// Endings of files that programs consist of, are set up by or write.
    FILE_ENDINGS = "asc bak bash bat c cc cer cfg cjs clj cmd conf config core cpp crt cs csr css cxx dart deb der \
     dll dump dylib env erl ex exe exs fs go gpg gradle groovy gz h hpp hs htm html ini ipynb jar java jks js json \
     jsonl jsx kdbx keystore kt kts lock log lua mjs ovpn p12 pem pfx php pid pl pm ppk properties proto ps1 pub py \
     pyc pyi pyx rb rdb rpm rs scala scss service sh so sock socket sql sqlite sqlite3 svelte swift tar tf tfstate \
     tfvars tgz toml ts tsx txt vb vue war whl xml yaml yml zig zsh";
    /// Names that look like a file and are none: products, modules and fields.
    FILE_LOOK_ALIKES = "agent.config alpine.js and.so app.config asp.net backbone.js body.json chart.js console.log \
     d3.js discord.js e.cs ember.js express.js i.so import.meta.env input.txt logger.log math.log mutex.lock nest.js \
     next.config next.js node.js nuxt.js process.env react.js req.json request.json res.json response.html \
     response.json response.xml self.config socket.io three.js vue.js web.service";
    /// Folders that only a path has.
    FOLDERS = "__pycache__ app backend bin conf config crates dist dist-packages etc frontend home internal lib \
     migrations mnt node_modules opt pkg proc root sbin secrets site-packages src srv target tmp users usr var vendor \
     venv windows";
    /// Files that have no ending.
    BARE_FILES = ".aws .bash_history .bashrc .dockercfg .dockerignore .env .envrc .git .gitconfig .gitignore \
     .htaccess .htpasswd .kube .netrc .npmrc .pgpass .profile .pypirc .ssh .zshrc authorized_keys dockerfile id_dsa \
     id_ecdsa id_ed25519 id_rsa known_hosts kubeconfig makefile procfile";
}
