# Reports are read from a replica.
resource "google_sql_database_instance" "replica" {
  project              = local.project_id
  name                 = "${local.service_id}-${local.environment_id}-replica"
  region               = local.region
  master_instance_name = local.database_instance_name
  database_version     = "POSTGRES_17"
  deletion_protection  = true

  settings {
    edition = "ENTERPRISE"
    tier    = "db-custom-1-4096"
    ip_configuration {
      ipv4_enabled    = false
      private_network = data.terraform_remote_state.network.outputs.network_id
      ssl_mode        = "ENCRYPTED_ONLY"
    }
  }
}
