//! What the API document says, and what is not for everybody.

use crate::world::Service;
use evaluation::api;
use shared_testing::TestDatabase;

#[actix_web::test]
async fn no_operation_but_the_apis_own_answers_a_stranger() {
    let service = Service::start(TestDatabase::sqlite()).await;
    let document = api::document();
    let mut open = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let filled: Vec<String> = path
                .trim_start_matches('/')
                .split('/')
                .map(|segment| match segment.strip_prefix('{') {
                    Some(_) => uuid::Uuid::now_v7().to_string(),
                    None => segment.to_owned(),
                })
                .collect();
            let method = method.to_ascii_uppercase().parse().unwrap();
            let reply = service
                .stranger()
                .call(method, &filled.join("/"))
                .send()
                .await;
            if reply.status != 401 {
                open.push(path.clone());
            }
        }
    }
    assert_eq!(open, ["/api-info"]);
}
