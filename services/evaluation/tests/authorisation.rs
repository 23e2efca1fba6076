//! Who may what: every cell of `authorisation.md` as a real request.

use evaluation::{Settings, api};
use shared_testing::{Client, authorisation, databases};
use shared_web::{
    Clock,
    key::{KeyPair, TrustedKeys},
    token::Signer,
};
use std::{net::TcpListener, path::Path, sync::Arc};

const FILE: (&str, &str) = (
    include_str!("../authorisation.md"),
    "services/evaluation/authorisation.md",
);

#[actix_web::test]
async fn everybody_may_what_the_table_says_and_nothing_else() {
    for database in databases().await {
        let gateway = KeyPair::generate("gateway").unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let settings = Settings {
            database_url: database.url.clone(),
            public_url: "https://akademi.test".to_owned(),
            trusted_keys: TrustedKeys::default().with("gateway", gateway.public()),
            clock: Clock::system(),
            workers: 1,
        };
        let service = evaluation::start(listener, settings).await.unwrap();
        actix_web::rt::spawn(service.running.server);
        let signer = Arc::new(Signer::new(&gateway));
        let client = Client::new(&origin, "/evaluation/v1", signer);
        let (cells, wrong) = authorisation::check_plain(FILE, &api::document(), &client).await;
        assert!(wrong.is_empty(), "{wrong:#?}");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders = [folder.join("src"), folder.join("../../shared/web/src")];
        let folders = folders.each_ref().map(std::path::PathBuf::as_path);
        let named = (api::NAME, &client);
        let (doors, wrong) = authorisation::check_plain_doors(FILE, &folders, named).await;
        assert!(wrong.is_empty(), "{wrong:#?}");
        println!("{cells} cells and {doors} doors on {}", database.url);
        assert!(cells >= 10 && doors >= 4);
    }
}
