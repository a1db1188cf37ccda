//! Tables of names: prefixes of keys, endings of hosts and files, services, folders.

use super::words::Words;

/// How the keys of well-known issuers begin, as written, by how many characters follow at least.
pub(super) const KEY_PREFIXES: &[(usize, Words)] = &[
    (
        3,
        Words(
            "sk- sk_live_ sk_test_ pk_live_ pk_test_ rk_live_ rk_test_ xoxa- xoxb- xoxp- xoxr- xoxs- \
         xoxe- xapp-",
        ),
    ),
    (4, Words("ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- AGE-SECRET-KEY-")),
    (6, Words("whsec_ ya29. GOCSPX-")),
    (
        8,
        Words(
            "glsa_ AKIA ASIA eyJ tvly- pplx- dop_v1_ shpat_ shpss_ lin_api_ dckr_pat_ sntrys_ sntryu_ \
         rubygems_ figd_ v2.local. v4.public. hvs. hvb. nvapi- csk- pcsk_ lsv2_",
        ),
    ),
    (10, Words("AIza hf_ gsk_ xai- r8_ SG. ntn_ ATATT")),
    (12, Words("AGPA AIDA AROA ANPA ABIA ACCA jina_")),
    (16, Words("sk_ npm_ pypi- secret_ key- EAAC pat- cmk_ tfp_ fw_")),
    (24, Words("dapi")),
];

/// Top-level domains and the endings of internal networks that do not look like a field's name.
pub(super) const HOST_ENDINGS: Words = Words(
    "academy ad agency ai amazon ar arpa aws azure biz blog br ca cc ch cl cloud club cluster cn co com company \
     consul corp cz dc de dev digital dk docker domain edu eu fi fm fr gg google gov gr hk hu ie int internal \
     intra intranet invalid io jp k8s kr lan local localdomain localhost localnet ly mesh mil mx net network nl \
     nomad nz onion online org priv private pro prod pt rancher ro ru se sg shop site sk software solutions space \
     store su svc systems tech tr tv tw ua uk vc vpn website xyz za",
);

/// Endings that are also names of fields and methods: a host only with a label more, a port, a path or a hyphen.
pub(super) const WORD_ENDINGS: Words = Words(
    "al am api app as at be by chat codes cs data db do email energy example go group home host hs id im in info \
     is it js la link live market md me media ml mm ms my name news no page pl pm ps py rb report rs run sc \
     search service services sh so st team test to tools ts us web works world zone",
);

/// Where the path to a field begins.
pub(super) const FIELDS: Words = Words(
    "agent agents api app args argument array asyncio block blocks body client config console context custom \
     customer data detail details df document e.g entry err error errors event events exports field fields file \
     files form function global graph headers i.e input inputs instructions int invoice item items json key link \
     links list match math message messages meta metadata model module node nodes np object op operation options \
     order os output outputs params parent path payload pd process product properties property props query re \
     record req request res response result results root row schema self session settings sink source spec state \
     step steps str string sys table task this time tool tools trigger user users value values variable window \
     workflow",
);

/// Names with a dot that are neither host nor file.
pub(super) const HOST_EXCEPTIONS: Words =
    Words("a.m ado.net asp.net e.g e.v i.e ml.net next.js node.js p.m socket.io u.s vb.net vue.js z.b");

/// Labels in the middle of a name that only a host has.
pub(super) const INNER_LABELS: Words = Words("internal local corp lan intranet svc");

/// Services that are often a host's whole name, in clusters and compose files.
pub(super) const SERVICES: Words = Words(
    "api app backend broker cache cassandra clamav clickhouse consul database db elasticsearch envoy etcd \
     executor frontend gateway generator grafana haproxy host jaeger kafka kong ldap localstack mailhog mariadb \
     memcached milvus minio mongo mongodb mysql nats nginx ollama opensearch pg postgres postgresql prometheus \
     proxy qdrant queue rabbit rabbitmq redis scheduler server smtp supabase traefik vault weaviate web worker \
     zookeeper",
);

/// Endings of files that programs consist of, are set up by or write.
pub(super) const FILE_ENDINGS: Words = Words(
    "asc bak bash bat c cc cer cfg cjs clj cmd conf config core cpp crt cs csr css cxx dart deb der dll dump \
     dylib env erl ex exe exs fs go gpg gradle groovy gz h hpp hs htm html ini ipynb jar java jks js json jsonl \
     jsx kdbx keystore kt kts lock log lua mjs ovpn p12 pem pfx php pid pl pm ppk properties proto ps1 pub py pyc \
     pyi pyx rb rdb rpm rs scala scss service sh so sock socket sql sqlite sqlite3 svelte swift tar tf tfstate \
     tfvars tgz toml ts tsx txt vb vue war whl xml yaml yml zig zsh",
);

/// Names that look like a file and are none: products, modules and fields.
pub(super) const FILE_LOOK_ALIKES: Words = Words(
    "agent.config alpine.js and.so app.config asp.net backbone.js body.json chart.js console.log d3.js discord.js \
     e.cs ember.js express.js i.so import.meta.env input.txt logger.log math.log mutex.lock nest.js next.config \
     next.js node.js nuxt.js process.env react.js req.json request.json res.json response.html response.json \
     response.xml self.config socket.io three.js vue.js web.service",
);

/// Folders that only a path has.
pub(super) const FOLDERS: Words = Words(
    "__pycache__ app backend bin conf config crates dist dist-packages etc frontend home internal lib migrations \
     mnt node_modules opt pkg proc root sbin secrets site-packages src srv target tmp users usr var vendor venv \
     windows",
);

/// Files that have no ending.
pub(super) const BARE_FILES: Words = Words(
    ".aws .bash_history .bashrc .dockercfg .dockerignore .env .envrc .git .gitconfig .gitignore .htaccess \
     .htpasswd .kube .netrc .npmrc .pgpass .profile .pypirc .ssh .zshrc authorized_keys dockerfile id_dsa \
     id_ecdsa id_ed25519 id_rsa known_hosts kubeconfig makefile procfile",
);
