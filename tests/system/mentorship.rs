//! Mentorship as operators and pairs meet it: the real program, the real files, all services.

mod figures;
mod rotation;
mod secrecy;
mod stage;

use stage::Stage;

#[actix_web::test]
async fn what_a_pair_writes_is_found_nowhere_else_and_a_new_master_key_opens_it() {
    for stage in Stage::all().await {
        let (summary, searched) = secrecy::holds(&stage).await;
        println!("{searched}");
        rotation::holds(&stage, &summary).await;
    }
}
