"""DNV Operational Vessel Data (OVD) 3.5: log abstracts and bunker reports."""
