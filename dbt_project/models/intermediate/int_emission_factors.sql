with

methods as (
    select * from {{ ref('methods') }}
),

gwp as (
    select * from {{ ref('gwp100') }}
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

slip as (
    select
        engine_types.engine_type,
        imo_rows.cslip_pct / 100 as slip,
        imo_rows.evidence,
        imo_rows.lcv_mj_per_g,
        imo_rows.wtt_gco2e_per_mj,
        imo_rows.cf_co2,
        imo_rows.cf_ch4,
        imo_rows.cf_n2o,
        imo_rows.source
    from engine_types
    inner join imo_rows
        on engine_types.imo_lca_pathway = imo_rows.pathway
),

glec_liquids as (
    select
        'glec_v3_2' as method_id,
        case fuel_class when 'methanol_fossil' then 'methanol' else fuel_class end as factor_class,
        cast(null as varchar) as engine_type,
        lcv_mj_per_g,
        wtt_gco2e_per_mj,
        cf_co2,
        cf_ch4,
        cf_n2o,
        0 as slip,
        evidence,
        cast(null as varchar) as slip_evidence,
        source
    from glec_rows
    where fuel_class != 'lng'
),

glec_lng as (
    select
        'glec_v3_2' as method_id,
        'lng' as factor_class,
        slip.engine_type,
        glec_rows.lcv_mj_per_g,
        glec_rows.wtt_gco2e_per_mj,
        glec_rows.cf_co2,
        glec_rows.cf_ch4,
        glec_rows.cf_n2o,
        slip.slip,
        glec_rows.evidence,
        slip.evidence as slip_evidence,
        glec_rows.source
    from glec_rows
    cross join slip
    where glec_rows.fuel_class = 'lng'
),

imo_liquids as (
    select
        'imo_lca' as method_id,
        case pathway
            when 'HFO_VLSFO_f_SR_gm' then 'residual_le_0_50_s'
            when 'HFO_HSHFO_f_SR_gm' then 'residual_gt_0_50_s'
            when 'MDO_MGO_ULSFO_f_SR_gm' then 'distillate'
        end as factor_class,
        cast(null as varchar) as engine_type,
        lcv_mj_per_g,
        wtt_gco2e_per_mj,
        cf_co2,
        cf_ch4,
        cf_n2o,
        cslip_pct / 100 as slip,
        evidence,
        cast(null as varchar) as slip_evidence,
        source
    from imo_rows
    where pathway not like 'LNG%'
),

imo_lng as (
    select
        'imo_lca' as method_id,
        'lng' as factor_class,
        engine_type,
        lcv_mj_per_g,
        wtt_gco2e_per_mj,
        cf_co2,
        cf_ch4,
        cf_n2o,
        slip,
        evidence,
        cast(null as varchar) as slip_evidence,
        source
    from slip
),

fueleu_all as (
    select
        'fueleu' as method_id,
        case
            when fueleu_rows.fuel = 'LNG' then 'lng'
            when fueleu_rows.fuel like 'HFO%' then 'residual_hfo'
            when fueleu_rows.fuel like 'LFO%' then 'residual_lfo'
            when fueleu_rows.fuel like 'MDO/MGO%' then 'distillate'
            when fueleu_rows.fuel like 'Methanol%' then 'methanol'
            when fueleu_rows.fuel like 'NH3%' then 'ammonia'
            when fueleu_rows.fuel like 'H2%' then 'hydrogen'
        end as factor_class,
        engine_types.engine_type,
        fueleu_rows.lcv_mj_per_g,
        fueleu_rows.wtt_gco2e_per_mj,
        fueleu_rows.cf_co2,
        fueleu_rows.cf_ch4,
        fueleu_rows.cf_n2o,
        fueleu_rows.cslip_pct / 100 as slip,
        fueleu_rows.evidence,
        cast(null as varchar) as slip_evidence,
        fueleu_rows.source
    from fueleu_rows
    left join engine_types
        on fueleu_rows.engine = engine_types.fueleu_engine
),

factors as (
    select * from glec_liquids
    union all
    select * from glec_lng
    union all
    select * from imo_liquids
    union all
    select * from imo_lng
    union all
    select * from fueleu_all
    where factor_class is not null
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
        factor_class || coalesce(':' || engine_type, '') as factor_key,
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
