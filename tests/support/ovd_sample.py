"""SAMPLE files in OVD's layout: logs of one ship from Shanghai to Los Angeles, and its fuel deliveries. All fictional.

The log by fuel type has a departure, noon reports (row 5 corrects row 4), and an arrival after a wait at anchor.
Tanks balance: 2000 - 1660.25 + 0 = 339.75 t of HFO and 300 + 50 - 333.5 = 16.5 t of MGO are burned in between.
"""

LOG_HEADING = (
    "IMO,Date_UTC,time_utc,Voyage_From,Voyage_To,Voyage_Number,Service,Event,Time_Since_Previous_Report,"
    "Time_Elapsed_Sailing,Time_Elapsed_Maneuvering,Time_Elapsed_Anchoring,Distance,Cargo_Mt,Cargo_Total_TEU,"
    "Cargo_Total_Full_TEU,Cargo_Reefer_TEU,ME_Consumption_HFO,ME_Consumption_MGO,AE_Consumption_HFO,"
    "AE_Consumption_MGO,Boiler_Consumption_HFO,Cargo_heating_Consumption_HFO,HFO_ROB,MGO_ROB,"
    "Shore_Side_Electricity_Reception"
)
_SHIP, _VOYAGE = "3000013", "CNSHA,USLAX,012E,SMPL-TP1"
LOG_ROWS = (
    f"{_SHIP},2025-03-01,02:00,{_VOYAGE},Departure,20,,2,,3,68000,7000,6100,420,0,0,9.5,0,2.5,,2000,300,41000",
    f"{_SHIP},2025-03-01,12:00,{_VOYAGE},Noon,10,9,1,,170,,,,,31.25,0,2.75,0,0.5,0.25,1965.5,300,",
    f"{_SHIP},2025-03-02,12:00,{_VOYAGE},Noon,24,24,,,450,,,,,900,0,6.5,0,1.5,,1858.5,300,",
    f"{_SHIP},2025-03-02,12:00,{_VOYAGE},Noon,24,24,,,460,,,,,90,0,6.5,0,1.5,,1867.5,300,",
    f"{_SHIP},2025-03-04,12:00,{_VOYAGE},Noon,48,48,,,920,,,,,190,0,13,0,3,,1661.5,350,",
    f"{_SHIP},2025-03-05,00:00,{_VOYAGE},Arrival,12,3,4,5,120.5,,,,,0,12.25,0,4.25,1.25,,1660.25,333.5,",
)
LOG = "\n".join([LOG_HEADING, *LOG_ROWS]) + "\n"

BY_NOTE_HEADING = (
    "IMO,Date_UTC,Time_UTC,Voyage_From,Voyage_To,Event,Time_Since_Previous_Report,Distance,ME_Consumption,ME_Fuel_BDN,"
    "ME_Consumption_BDN_2,ME_Fuel_BDN_2,AE_Consumption,AE_Fuel_BDN,Boiler_Consumption,ME_1_Consumption"
)
BY_NOTE = "\n".join([
    BY_NOTE_HEADING,
    f"{_SHIP},2025-03-01,02:00,CNSHA,USLAX,Departure,20,3,0,SMPL-B1,,,9.5,SMPL-B1,2.5,",
    f"{_SHIP},2025-03-02,02:00,CNSHA,USLAX,Noon,24,455,70.5,SMPL-B1,20,SMPL-B2,6.5,SMPL-B1,1.5,90.5",
    f"{_SHIP},2025-03-03,02:00,CNSHA,USLAX,Noon,24,455,,SMPL-B2,,,6.5,SMPL-B1,1.5,",
]) + "\n"  # fmt: skip

BUNKERS = (
    "BDN_Number,Bunker_Delivery_Date,Bunker_Delivery_Time,IMO,Fuel_Type,Mass,Sulphur_Content,Viscosity,"
    "Lower_Heating_Value,Grade,Bunker_Port\n"
    f"SMPL-B1,2025-03-01,01:00,{_SHIP},HFO,1200,0.48,320,40.5,RMG380,CNSHA\n"
    f"SMPL-B2,2025-03-04,06:00,{_SHIP},MGO,60,0.08,,42.7,DMA,CNSHA\n"
    f"SMPL-B2,2025-03-04,09:00,{_SHIP},MGO,-10,,,,DMA,CNSHA\n"
)
