# The auditors of the user data read this project's logs, and nothing else.
resource "google_project_iam_member" "auditors_read_logs" {
  project = local.project_id
  role    = "roles/logging.viewer"
  member  = "group:auditors@acme.example"
}
