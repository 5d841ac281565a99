window.YTD.tweets.part0 = [
  {
    "tweet" : {
      "id_str" : "694823180170166274",
      "full_text" : "@musee_du_lac super",
      "created_at" : "Wed Feb 03 10:02:10 +0000 2016",
      "in_reply_to_status_id_str" : "694822655882166273",
      "in_reply_to_screen_name" : "musee_du_lac",
      "favorite_count" : "1"
    }
  }
]
