with

methods as (
    select * from {{ ref('methods') }}
),

gwp as (
    select * from {{ ref('gwp100') }}
),

method_fuels as (
    select * from {{ ref('method_fuels') }}
),

engine_types as (
    select * from {{ ref('engine_types') }}
),

evidence_grades as (
    select * from {{ ref('evidence_grades') }}
),

imo_rows as (
    select * from {{ ref('imo_lca_defaults') }}
),

glec_rows as (
    select * from {{ ref('glec_v3_2_fuels') }}
),

fueleu_rows as (
    select * from {{ ref('fueleu_annex2') }}
),

method_gwp as (
    select
        methods.method_id,
        max(case when gwp.gas in ('CH4', 'CH4_fossil') then gwp.gwp100 end) as gwp_ch4_fossil,
        max(case when gwp.gas in ('CH4', 'CH4_nonfossil') then gwp.gwp100 end) as gwp_ch4_biogenic,
        max(case when gwp.gas = 'N2O' then gwp.gwp100 end) as gwp_n2o
    from methods
    inner join gwp
        on methods.gwp_assessment = gwp.assessment
    group by methods.method_id
),

-- The factor tables in one shape. LNG has one row per engine type.
factor_tables as (
    select
        'imo_lca_defaults' as source_table,
        case when engine_types.engine_type is null then imo_rows.pathway else 'LNG' end as source_row,
        engine_types.engine_type,
        imo_rows.lcv_mj_per_g,
        imo_rows.wtt_gco2e_per_mj,
        imo_rows.cf_co2,
        imo_rows.cf_ch4,
        imo_rows.cf_n2o,
        imo_rows.cslip_pct / 100 as slip,
        imo_rows.evidence,
        imo_rows.source
    from imo_rows
    left join engine_types
        on imo_rows.pathway = engine_types.imo_lca_pathway
    union all
    select
        'glec_v3_2_fuels' as source_table,
        fuel_class as source_row,
        cast(null as string) as engine_type,
        lcv_mj_per_g,
        wtt_gco2e_per_mj,
        cf_co2,
        cf_ch4,
        cf_n2o,
        0 as slip,
        evidence,
        source
    from glec_rows
    union all
    select
        'fueleu_annex2' as source_table,
        fueleu_rows.fuel as source_row,
        engine_types.engine_type,
        fueleu_rows.lcv_mj_per_g,
        fueleu_rows.wtt_gco2e_per_mj,
        fueleu_rows.cf_co2,
        fueleu_rows.cf_ch4,
        fueleu_rows.cf_n2o,
        fueleu_rows.cslip_pct / 100 as slip,
        fueleu_rows.evidence,
        fueleu_rows.source
    from fueleu_rows
    left join engine_types
        on fueleu_rows.engine = engine_types.fueleu_engine
),

slip_factors as (
    select * from factor_tables
    where source_row = 'LNG'
),

factors as (
    select
        method_fuels.method_id,
        method_fuels.factor_class,
        method_fuels.valid_from,
        method_fuels.valid_before,
        coalesce(slip_factors.engine_type, factor_tables.engine_type) as engine_type,
        factor_tables.lcv_mj_per_g,
        factor_tables.wtt_gco2e_per_mj,
        factor_tables.cf_co2,
        factor_tables.cf_ch4,
        factor_tables.cf_n2o,
        coalesce(slip_factors.slip, factor_tables.slip) as slip,
        factor_tables.evidence,
        slip_factors.evidence as slip_evidence,
        factor_tables.source
    from method_fuels
    inner join factor_tables
        on method_fuels.source_table = factor_tables.source_table and method_fuels.source_row = factor_tables.source_row
    left join slip_factors
        on method_fuels.slip_table = slip_factors.source_table
),

graded as (
    select
        factors.*,
        case
            when slip_grade.rank > own_grade.rank then factors.slip_evidence
            else factors.evidence
        end as worse_evidence
    from factors
    inner join evidence_grades as own_grade
        on factors.evidence = own_grade.evidence
    left join evidence_grades as slip_grade
        on factors.slip_evidence = slip_grade.evidence
),

per_tonne as (
    select
        graded.*,
        method_gwp.gwp_ch4_fossil,
        method_gwp.gwp_ch4_biogenic,
        method_gwp.gwp_n2o,
        (1 - graded.slip) * (
            graded.cf_co2 + graded.cf_ch4 * method_gwp.gwp_ch4_fossil + graded.cf_n2o * method_gwp.gwp_n2o
        ) + graded.slip * method_gwp.gwp_ch4_fossil as ttw_t_per_t,
        graded.wtt_gco2e_per_mj * graded.lcv_mj_per_g as wtt_t_per_t,
        (1 - graded.slip) * graded.cf_co2 as co2_t_per_t,
        (1 - graded.slip) * (graded.cf_ch4 * method_gwp.gwp_ch4_fossil + graded.cf_n2o * method_gwp.gwp_n2o)
        + graded.slip * method_gwp.gwp_ch4_fossil as other_gases_fossil_t_per_t,
        (1 - graded.slip) * (graded.cf_ch4 * method_gwp.gwp_ch4_biogenic + graded.cf_n2o * method_gwp.gwp_n2o)
        + graded.slip * method_gwp.gwp_ch4_biogenic as other_gases_biogenic_t_per_t
    from graded
    inner join method_gwp
        on graded.method_id = method_gwp.method_id
),

final as (
    select
        method_id,
        factor_class,
        engine_type,
        valid_from,
        valid_before,
        factor_class || coalesce(':' || engine_type, '') || coalesce('@' || cast(valid_from as string), '')
            as factor_key,
        lcv_mj_per_g,
        wtt_gco2e_per_mj,
        cf_co2,
        cf_ch4,
        cf_n2o,
        slip,
        gwp_ch4_fossil,
        gwp_ch4_biogenic,
        gwp_n2o,
        ttw_t_per_t,
        wtt_t_per_t,
        ttw_t_per_t + wtt_t_per_t as wtw_t_per_t,
        lcv_mj_per_g * 1e6 as energy_mj_per_t,
        co2_t_per_t,
        other_gases_fossil_t_per_t,
        other_gases_biogenic_t_per_t,
        worse_evidence as evidence,
        source
    from per_tonne
)

select * from final
